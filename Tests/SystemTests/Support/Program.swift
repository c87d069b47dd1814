import Glibc
import Synchronization
import Testing

/// A program that runs: its own process group, no descriptor of the test's, output in files, ended by process id.
final class Program: Sendable {
  enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  let pid: pid_t
  private let outputFile: String
  private let errorFile: String
  private let ending = Mutex<Ending?>(nil)

  /// Starts `words`; the first is a path or is looked up.
  ///
  /// - Parameter environment: variables on top of the test's own.
  init(_ words: [String], in scratch: Scratch, environment: [String: String] = [:]) throws {
    let number = scratch.next()
    outputFile = "\(scratch.path)/\(number).out"
    errorFile = "\(scratch.path)/\(number).err"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let create = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, outputFile, create, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errorFile, create, 0o600)
    for descriptor in 3..<1024 { posix_spawn_file_actions_addclose(&actions, Int32(descriptor)) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What the test runner ignores or blocks is not what a shell or systemd would start the program with.
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables = Self.environment(with: environment).map { strdup($0) } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var child = pid_t()
    let failure = posix_spawnp(&child, words.first ?? "", &actions, &attributes, &arguments, &variables)
    try #require(failure == 0, "cannot start \(words): \(String(cString: strerror(failure)))")
    pid = child
  }

  /// The end of a test ends what it started, whatever became of the test.
  deinit {
    guard ending.withLock({ $0 == nil }) else { return }
    kill(-pid, SIGKILL)
    waitpid(pid, nil, 0)
  }

  var output: String { Files.text(outputFile) }
  var errors: String { Files.text(errorFile) }
  var errorLines: [Substring] { errors.split(separator: "\n") }

  /// How it ended; nil while it runs.
  var end: Ending? {
    ending.withLock { known in
      var status: Int32 = 0
      if known == nil, waitpid(pid, &status, WNOHANG) == pid {
        let number = status & 0x7F
        known = number == 0 ? .exit(status >> 8 & 0xFF) : .signal(number)
      }
      return known
    }
  }

  func send(_ signal: Int32) { if end == nil { kill(pid, signal) } }

  /// Waits until it ends.
  @discardableResult
  func ending(within limit: Duration = .seconds(20)) async throws -> Ending {
    try await poll("process \(pid) ends; it wrote: \(errors)", within: limit) { self.end != nil }
    return try #require(end)
  }

  private static func environment(with more: [String: String]) -> [String] {
    var variables: [String] = []
    var entry = environ
    while let text = entry.pointee {
      let variable = String(cString: text)
      // These would change the settings under test.
      let name = variable.prefix { $0 != "=" }
      let isSetting =
        ["NATS_URL", "LOG_LEVEL", "HTTP_PORT", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"].contains(String(name))
        || name.hasPrefix("MARKETPRISM_")
      if !isSetting, more[String(name)] == nil { variables.append(variable) }
      entry += 1
    }
    return variables + more.map { "\($0.key)=\($0.value)" }
  }
}

/// It did not come in time.
struct TimeOver: Error, CustomStringConvertible {
  let description: String
}

/// Waits until it holds; throws when it does not in time.
func poll(
  _ what: @autoclosure () -> String, within limit: Duration = .seconds(20), _ holds: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !holds() {
    guard ContinuousClock.now < deadline else { throw TimeOver(description: "not within \(limit): \(what())") }
    try await Task.sleep(for: .milliseconds(10))
  }
}
