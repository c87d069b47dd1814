import Glibc
import Synchronization
import Testing

/// A real nats-server on a loopback port, stopped by its process id.
final class NATSServer {
  let port: UInt16
  private let arguments: [String]
  private var process: pid_t = 0

  var url: String { "nats://127.0.0.1:\(port)" }

  init(port: UInt16, arguments: [String] = []) throws {
    self.port = port
    self.arguments = arguments
    try start()
  }

  convenience init(arguments: [String] = []) throws {
    try self.init(port: freePort(), arguments: arguments)
  }

  deinit { kill() }

  /// Starts it (again) on the same port and waits until it listens.
  func start() throws {
    let all = ["nats-server", "-a", "127.0.0.1", "-p", "\(port)", "-l", "/dev/null"] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = all.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    // Debian installs it where only root looks.
    let path = access("/usr/sbin/nats-server", X_OK) == 0 ? "/usr/sbin/nats-server" : "nats-server"
    try #require(posix_spawnp(&process, path, nil, nil, &words, environ) == 0)
    let deadline = ContinuousClock.now + .seconds(10)
    while !listens(on: port) {
      try #require(ContinuousClock.now < deadline, "nats-server does not listen on \(port)")
      usleep(5000)
    }
  }

  func signal(_ number: Int32) { if process > 0 { Glibc.kill(process, number) } }

  func kill() {
    guard process > 0 else { return }
    signal(SIGCONT)
    signal(SIGKILL)
    waitpid(process, nil, 0)
    process = 0
  }
}

/// A port that accepts connections, greets each and says nothing more.
final class SilentServer {
  let port: UInt16
  private let listener: Int32
  private let greeter: pthread_t
  private let job: Job

  /// Connections accepted so far; each keeps a descriptor of this process until the end.
  var acceptedCount: Int { job.accepted.load(ordering: .acquiring) }

  var url: String { "nats://127.0.0.1:\(port)" }

  private final class Job: Sendable {
    let accepted = Atomic<Int>(0)
    let listener: Int32
    let greeting: String

    init(_ listener: Int32, _ greeting: String) {
      self.listener = listener
      self.greeting = greeting
    }
  }

  init(greeting: String) throws {
    (listener, port) = try boundSocket()
    try #require(listen(listener, 64) == 0)
    job = Job(listener, greeting)
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let job = Unmanaged<Job>.fromOpaque(argument).takeRetainedValue()
        var accepted: [Int32] = []
        while case let client = accept(job.listener, nil, nil), client >= 0 {
          accepted.append(client)
          job.accepted.wrappingAdd(1, ordering: .releasing)
          _ = job.greeting.withCString { send(client, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        }
        accepted.forEach { close($0) }
        return nil
      }, Unmanaged.passRetained(job).toOpaque())
    greeter = thread
  }

  deinit {
    // Wakes the accept, which then fails.
    shutdown(listener, Int32(SHUT_RDWR))
    pthread_join(greeter, nil)
    close(listener)
  }
}

/// A port nobody listens on at this moment.
func freePort() throws -> UInt16 {
  let (descriptor, port) = try boundSocket()
  close(descriptor)
  return port
}

private func boundSocket() throws -> (Int32, UInt16) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = loopback(port: 0)
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let bound = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
    }
  }
  try #require(bound)
  return (descriptor, UInt16(bigEndian: address.sin_port))
}

private func listens(on port: UInt16) -> Bool {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = loopback(port: port)
  return withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
}

private func loopback(port: UInt16) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return address
}
