import Glibc

/// Lines that were entered, the latest last: in memory, and in a file that only its owner may read.
package struct History {
  /// Lines that are kept.
  package static let limit = 1000
  /// Bytes of the file that are read; it has far less unless somebody else wrote it.
  private static let fileLimit = 1 << 20

  /// The lines.
  package private(set) var lines: [String] = []
  private let path: String?

  /// `$XDG_STATE_HOME/marketprism/history`, else `~/.local/state/marketprism/history`; nil without a home.
  package static func path(environment: [String: String]) -> String? {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/marketprism/history" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.local/state/marketprism/history"
  }

  /// Reads the file; without a path lines are kept in memory alone.
  package init(path: String?) {
    self.path = path
    guard let path else { return }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < Self.fileLimit, case let count = read(descriptor, &chunk, chunk.count), count > 0 {
      bytes += chunk.prefix(count)
    }
    let whole = bytes.split(separator: UInt8(ascii: "\n")).compactMap { String(validating: $0, as: UTF8.self) }
    lines = whole.filter { line in line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }.suffix(
      Self.limit)
  }

  /// Keeps a line, unless it is the latest again or begins with a blank, as in shells.
  package mutating func add(_ entered: String) {
    // Completion leaves a blank at the end.
    let line = String(entered.reversed().drop { $0 == " " }.reversed())
    guard !line.isEmpty, !line.hasPrefix(" "), line != lines.last else { return }
    lines.append(line)
    if lines.count > Self.limit { lines.removeFirst(lines.count - Self.limit) }
    save()
  }

  /// A history that cannot be written is no reason to stop anybody's work.
  private func save() {
    guard let path, let slash = path.lastIndex(of: "/") else { return }
    Self.makeFolder(String(path[..<slash]))
    // A new file in the place of the old: there is a whole one at every moment, whoever writes at the same time.
    let temporary = "\(path).\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return }
    ToolStreams.write(lines.map { $0 + "\n" }.joined(), to: descriptor)
    close(descriptor)
    if rename(temporary, path) != 0 { unlink(temporary) }
  }

  private static func makeFolder(_ path: String) {
    guard !path.isEmpty, mkdir(path, 0o700) != 0, errno == ENOENT, let slash = path.lastIndex(of: "/") else { return }
    makeFolder(String(path[..<slash]))
    mkdir(path, 0o700)
  }
}
