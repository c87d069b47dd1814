import Glibc

/// Runs Debian's `promtool check metrics` over a page.
enum Promtool {
  static let path = "/usr/bin/promtool"

  static var isInstalled: Bool { access(path, X_OK) == 0 }

  /// What it prints and its exit status.
  static func check(_ page: String) throws -> (output: String, status: Int32) {
    var template = Array("/tmp/marketprism-metrics-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw Failure(step: "mkstemp") }
    let name = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    defer { unlink(name) }
    let written = page.utf8CString.withUnsafeBytes { write(file, $0.baseAddress, $0.count - 1) }
    close(file)
    guard written == page.utf8.count else { throw Failure(step: "write") }
    guard let pipe = popen("\(path) check metrics < \(name) 2>&1", "r") else { throw Failure(step: "popen") }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&chunk, 1, chunk.count, pipe)
      if count == 0 { break }
      output.append(contentsOf: chunk[..<count])
    }
    return (String(decoding: output, as: UTF8.self), pclose(pipe) >> 8)
  }

  struct Failure: Error {
    var step: String
  }
}
