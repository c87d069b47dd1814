import Glibc

/// A directory of files that are laid over the main one, in the C locale's order of their names.
struct DropIns {
  static let name = "collector.d"
  /// Over this many, something other than a person wrote them.
  static let maximumFiles = 256

  let path: String
  private let mustExist: Bool
  private let isBesideFile: Bool

  /// The directory `collector.d` beside a file, which need not exist.
  init(beside file: String) {
    path = FileReader.path(of: Self.name, beside: file)
    mustExist = false
    isBesideFile = true
  }

  /// A directory that must exist.
  init(path: String) {
    self.path = path
    mustExist = true
    isBesideFile = false
  }

  /// Why the directory is not read though it is there.
  ///
  /// A temporary file that is checked (`validate` of configuration management) lies in a directory where anybody may put
  /// a `collector.d`: such a one belongs to nobody's configuration.
  var oddity: String? {
    guard isBesideFile, let slash = path.lastIndex(of: "/") else { return nil }
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    if status.st_mode & S_IWOTH != 0 { return "ignored, because anybody may write to it" }
    guard stat(slash == path.startIndex ? "/" : String(path[..<slash]), &status) == 0, status.st_mode & S_IWOTH != 0
    else { return nil }
    return "ignored, because anybody may write to the directory it is in"
  }

  /// Paths of the files; none when there is no such directory.
  func files() -> Result<[String], FileProblem> {
    if oddity != nil { return .success([]) }
    guard let stream = opendir(path) else {
      let reason = errno
      if reason == ENOENT && !mustExist { return .success([]) }
      if reason == ENOTDIR { return .failure(FileProblem("is not a directory")) }
      return .failure(FileProblem("cannot be read: \(String(cString: strerror(reason)))"))
    }
    defer { closedir(stream) }
    var paths: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      // An editor's and a package manager's leftovers have another ending or begin with a dot.
      if name.hasSuffix(".yaml"), !name.hasPrefix(".") { paths.append("\(path)/\(name)") }
      if paths.count > Self.maximumFiles {
        return .failure(FileProblem("has more than \(Self.maximumFiles) files"))
      }
    }
    return .success(paths.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
  }
}
