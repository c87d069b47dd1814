import Glibc

/// Files that are laid over the main one: `collector.d/*.yaml` beside it, in the C locale's order.
enum DropIns {
  static let directory = "collector.d"
  /// Over this many, something other than a person wrote them.
  static let maximumFiles = 256

  /// Paths of the files; none when there is no such directory.
  static func files(beside file: String) -> Result<[String], ValueProblem> {
    let path = FileReader.path(of: directory, beside: file)
    guard let stream = opendir(path) else {
      let reason = errno
      if reason == ENOENT || reason == ENOTDIR { return .success([]) }
      return .failure(ValueProblem("the directory \(path) cannot be read: \(String(cString: strerror(reason)))"))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      // An editor's and a package manager's leftovers have another ending or begin with a dot.
      if name.hasSuffix(".yaml"), !name.hasPrefix(".") { names.append("\(path)/\(name)") }
      if names.count > maximumFiles {
        return .failure(ValueProblem("the directory \(path) has more than \(maximumFiles) files"))
      }
    }
    return .success(names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
  }
}
