import Glibc

/// The inputs mutation begins with: the transcripts and configurations of the tests.
struct Corpus {
  private(set) var inputs: [[UInt8]] = []

  init(for target: FuzzTarget) {
    for folder in target.corpusFolders {
      for name in Self.names(in: folder) {
        guard let bytes = try? Self.read(folder + "/" + name) else { continue }
        inputs.append(name.hasSuffix(".txt") ? Self.requests(of: bytes) : bytes)
      }
    }
  }

  /// Of a transcript only what is sent.
  private static func requests(of transcript: [UInt8]) -> [UInt8] {
    transcript.split(separator: UInt8(ascii: "\n")).filter { $0.first == UInt8(ascii: ">") }
      .flatMap { $0.dropFirst(2) + [UInt8(ascii: "\n")] }
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasSuffix(".txt") || name.hasSuffix(".yaml") { names.append(name) }
    }
    return names.sorted()
  }

  static func read(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "r") else { throw FuzzFailure("cannot read \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer.prefix(count)
    }
  }

  /// - Returns: the path of the file.
  static func write(_ bytes: [UInt8], folder: String, name: String) throws -> String {
    mkdir(folder, 0o755)
    let path = folder + "/" + name
    guard let file = fopen(path, "w") else { throw FuzzFailure("cannot write \(path)") }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw FuzzFailure("cannot write \(path)") }
    return path
  }
}
