import AdminClient
import Glibc
import Testing

@Suite("The history of the interactive client")
struct HistoryTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/ctl-history-XXXXXX".utf8CString)
    _ = try #require(mkdtemp(&template))
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for name in ["/a/marketprism/history", "/file"] { unlink(folder + name) }
      for name in ["/a/marketprism", "/a", ""] { rmdir(folder + name) }
    }
    try body(folder)
  }

  @Test("it is kept in a file of its owner's alone, folders are made")
  func kept() throws {
    try withFolder { folder in
      let path = try #require(History.path(environment: ["XDG_STATE_HOME": folder + "/a", "HOME": "/nowhere"]))
      #expect(path == folder + "/a/marketprism/history")
      var history = History(path: path)
      for line in ["status", "status ", " secret", "", "  ", "nats status"] { history.add(line) }
      #expect(history.lines == ["status", "nats status"])
      #expect(History(path: path).lines == ["status", "nats status"])
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
      #expect(stat(folder + "/a/marketprism", &status) == 0 && status.st_mode & 0o777 == 0o700)
    }
    #expect(History.path(environment: ["HOME": "/home/x"]) == "/home/x/.local/state/marketprism/history")
    #expect(History.path(environment: [:]) == nil)
  }

  @Test("it has a bound, and what is no text in its file is left out")
  func bounded() throws {
    try withFolder { folder in
      let path = folder + "/file"
      let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
      let bytes = Array("good\n\u{1B}[2J\n".utf8) + [0xFF, 0x0A] + Array("last".utf8)
      #expect(write(descriptor, bytes, bytes.count) == bytes.count)
      close(descriptor)
      var history = History(path: path)
      #expect(history.lines == ["good", "last"])
      for number in 0..<1100 { history.add("line \(number)") }
      #expect(history.lines.count == History.limit && history.lines.first == "line 100")
      #expect(History(path: path).lines == history.lines)
    }
  }

  @Test("a place that cannot be written is no error")
  func unwritable() {
    var history = History(path: "/proc/nowhere/history")
    history.add("status")
    #expect(history.lines == ["status"])
  }
}
