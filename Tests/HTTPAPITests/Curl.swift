import Dispatch
import Glibc

/// Runs a shell pipeline; curl and jq are the clients of these tests.
enum Shell {
  /// The pipe blocks, so it is read on a thread of its own: the server under test needs the concurrency pool.
  static func run(_ command: String) async -> (output: String, status: Int32) {
    await withCheckedContinuation { continuation in
      DispatchQueue(label: "shell").async { continuation.resume(returning: blocking(command)) }
    }
  }

  /// The child gets no descriptor but its own three: a listening socket that it inherited would stay open after the
  /// server closed it.
  private static func blocking(_ command: String) -> (String, Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return ("", -1) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    for descriptor in 3..<512 { posix_spawn_file_actions_addclose(&actions, Int32(descriptor)) }
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(command), nil]
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    let spawned = posix_spawn(&child, "/bin/sh", &actions, nil, &arguments, environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard spawned == 0 else { return ("", -1) }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(ends[0], &chunk, chunk.count)
      if count <= 0 { break }
      output.append(contentsOf: chunk[..<count])
    }
    var status: Int32 = 0
    waitpid(child, &status, 0)
    return (String(decoding: output, as: UTF8.self), status >> 8 & 0xFF)
  }
}

/// What curl got.
struct HTTPReply {
  var status: Int
  /// Header lines, names in lower case.
  var headers: [String: String]
  var body: String

  /// Reads the output of `curl -i`.
  init(_ text: String) {
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    body = parts.count > 1 ? String(parts[1]) : ""
    var lines = (parts.first ?? "").split(separator: "\r\n")
    status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
    lines = Array(lines.dropFirst())
    headers = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
  }
}

/// A client of one server.
struct Curl {
  var port: Int

  /// `curl -i` of a path, with further options.
  func get(_ path: String, _ options: String = "") async -> HTTPReply {
    HTTPReply(await Shell.run("curl -sS -g -i --max-time 20 \(options) 'http://127.0.0.1:\(port)\(path)' 2>&1").output)
  }

  /// A path's body through jq, without the line's end.
  func jq(_ path: String, _ filter: String) async -> String {
    let command = "curl -sS -g --max-time 20 'http://127.0.0.1:\(port)\(path)' | jq -cr '\(filter)' 2>&1"
    return await Shell.run(command).output.split(separator: "\n").joined(separator: "\n")
  }
}
