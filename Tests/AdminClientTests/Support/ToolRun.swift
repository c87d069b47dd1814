import AdminClient
import Glibc
import Testing

/// One run of the tool inside the test, its streams in files.
struct ToolRun {
  let status: Int32
  let output: String
  let errors: String

  /// Runs it.
  init(
    _ arguments: [String], server: FakeServer? = nil, input: String? = nil, environment: [String: String] = [:]
  ) throws {
    let streams = try (0..<3).map { _ in try Self.temporaryFile() }
    defer { streams.forEach { close($0) } }
    if let input {
      let bytes = Array(input.utf8)
      try #require(write(streams[0], bytes, bytes.count) == bytes.count && lseek(streams[0], 0, SEEK_SET) == 0)
    }
    var environment = environment
    if let server { environment["MARKETPRISM_SOCKET"] = server.path }
    status = AdminTool.run(
      arguments, environment: environment,
      streams: ToolStreams(input: streams[0], output: streams[1], errors: streams[2]))
    output = Self.text(streams[1])
    errors = Self.text(streams[2])
  }

  private static func temporaryFile() throws -> Int32 {
    var template = Array("/tmp/ctl-run-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    unlink(template)
    return descriptor
  }

  private static func text(_ descriptor: Int32) -> String {
    lseek(descriptor, 0, SEEK_SET)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
