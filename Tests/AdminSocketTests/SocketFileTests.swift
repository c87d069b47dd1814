import AdminSocket
import Glibc
import Logging
import NIOPosix
import Testing

@Suite("The socket's file")
struct SocketFileTests {
  private func server(_ path: String) -> AdminSocketServer {
    AdminSocketServer(
      configuration: AdminSocketConfiguration(path: path, version: "collector 1.2"), handler: FakeCollector(),
      group: MultiThreadedEventLoopGroup.singleton, logger: LogLines().logger)
  }

  private func problem(_ path: String) async -> String {
    let server = server(path)
    do {
      try await server.start()
      await server.stop()
      return "started"
    } catch {
      return "\(error)"
    }
  }

  private func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode : nil
  }

  @Test("the directory is made 0750 and the socket 0660, and the socket is gone after stop")
  func modes() async throws {
    try await withServer { (server, path) async throws in
      #expect(mode(path) == S_IFSOCK | 0o660)
      #expect(mode(String(path.dropLast("/collector.sock".count))) == S_IFDIR | 0o750)
      await server.stop()
      #expect(mode(path) == nil)
    }
  }

  @Test("where something answers, a second server does not start and the first lives on")
  func occupied() async throws {
    try await withServer { (_, path) async throws in
      #expect(
        await problem(path) == "admin socket \(path): something answers there already; is another collector running?")
      #expect(try await socat(path, "version\n").hasPrefix("collector 1.2"))
    }
  }

  @Test("of many started at once exactly one serves")
  func race() async throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let servers = (0..<6).map { _ in server(directory.path + "/s") }
    let started = await withTaskGroup(of: Bool.self) { group in
      for server in servers { group.addTask { (try? await server.start()) != nil } }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(started == 1)
    #expect(try await socat(directory.path + "/s", "version\n").hasPrefix("collector 1.2"))
    for server in servers { await server.stop() }
    #expect(mode(directory.path + "/s") == nil)
  }

  @Test("a socket that a dead process left is replaced")
  func stale() async throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let path = directory.path + "/s"
    let killed = try await output(
      of: ["sh", "-c", "socat UNIX-LISTEN:\(path) - & while ! test -S \(path); do :; done; kill -9 $!"], input: [])
    #expect(killed.isEmpty && mode(path) != nil)
    #expect(await problem(path) == "started")
  }

  @Test("what is no socket is left alone")
  func noSocket() async throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let path = directory.path + "/s"
    try #require(close(creat(path, 0o600)) == 0)
    #expect(await problem(path) == "admin socket \(path): exists and is no socket; it is left alone")
    #expect(mode(path) == S_IFREG | 0o600)
    #expect(await problem(path + "/t/s").contains("cannot make the directory"))
    try #require(mkdir(path + "1", 0o700) == 0)
    #expect(await problem(path + "1").hasSuffix("exists and is no socket; it is left alone"))
    #expect(mode(path + "1") == S_IFDIR | 0o700)
    try #require(symlink("/nowhere", path + "2") == 0)
    #expect(await problem(path + "2").hasSuffix("exists and is no socket; it is left alone"))
  }

  @Test("a path the system cannot take is refused with its length")
  func longPath() async {
    let path = "/tmp/" + String(repeating: "x", count: 103)
    #expect(await problem(path).hasSuffix("the path has 108 bytes, the system takes 107 at most"))
    #expect(await problem("") == "admin socket (no path): is no path of a file")
  }

  @Test("a file that took the socket's place is not removed at stop")
  func replaced() async throws {
    try await withServer { (server, path) async throws in
      try #require(unlink(path) == 0)
      try #require(close(creat(path, 0o600)) == 0)
      await server.stop()
      #expect(mode(path) == S_IFREG | 0o600)
    }
  }

  @Test("at stop a running command and those behind it are refused, and everybody is disconnected")
  func stop() async throws {
    try await withServer { (server, path) async throws in
      let (busy, quiet) = (try RawClient(path), try RawClient(path))
      quiet.send("version\n")
      _ = try await quiet.reply()
      busy.send("status; json health\n")
      _ = try await busy.receive { $0.contains("# looking\n") }
      async let stopped: Void = server.stop()
      let rest = try await busy.receive()
      #expect(
        rest.contains(
          "ERR 503 shutting-down: the collector is stopping generation=7\n{\"v\":1,\"ok\":false,\"code\":503"))
      #expect(try await quiet.receive() == "")
      await stopped
    }
  }
}
