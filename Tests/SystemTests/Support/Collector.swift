import Glibc
import Testing

/// The built program and the folders around it.
enum Binary {
  /// Beside the test bundle, which is where the build puts both.
  static let path: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let runner = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let beside = runner.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/marketprism-collector"
    return Files.exists(beside) ? beside : package + "/.build/debug/marketprism-collector"
  }()

  /// `marketprismctl`, beside it.
  static let tool = path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/marketprismctl"

  /// The root of the package.
  static let package = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()

  /// Recorded traffic, where it is at hand.
  static func capture(_ name: String) -> String? {
    let file = "\(package)/../shared/captures/\(name)"
    return Files.exists(file) ? file : nil
  }

  static func start(_ arguments: [String], in scratch: Scratch, environment: [String: String] = [:]) throws -> Program {
    try Program([path] + arguments, in: scratch, environment: environment)
  }

  /// Runs it to its end.
  static func run(_ arguments: [String], in scratch: Scratch) async throws -> Outcome {
    let program = try start(arguments, in: scratch)
    let ending = try await program.ending()
    return Outcome(ending: ending, output: program.output, errors: program.errors)
  }
}

/// A collector that runs, seen through its HTTP port and its admin socket.
struct Collector {
  let program: Program
  let scratch: Scratch
  /// Runs as long as the collector does, whether a test names it or not.
  let exchange: Exchange?
  let port: Int
  let socket: String

  /// Starts `run --config` with a file of this text and waits until its listeners answer.
  ///
  /// - Parameters:
  ///   - arguments: further ones of `run`.
  ///   - environment: variables on top of the test's own.
  init(
    _ configuration: Configuration, in scratch: Scratch, _ arguments: [String] = [], environment: [String: String] = [:]
  ) async throws {
    socket = "\(scratch.path)/run/c.sock"
    self.scratch = scratch
    exchange = configuration.exchange
    let file = try scratch.write(configuration.text(socket: socket), to: Self.fileName)
    let program = try Binary.start(["run", "--config", file] + arguments, in: scratch, environment: environment)
    self.program = program
    try await poll("the collector listens; it wrote: \(program.errors)") {
      try #require(program.end == nil, "ended instead of listening: \(program.errors)")
      return program.errors.contains("main: listening")
    }
    let address = program.errors.firstMatch(of: /http=127\.0\.0\.1:(\d+)/)
    port = try #require(address.flatMap { Int($0.1) })
  }

  /// Starts `demo` and waits until it has said where everything is.
  init(demoIn scratch: Scratch, _ arguments: [String] = []) async throws {
    socket = "\(scratch.path)/demo/c.sock"
    self.scratch = scratch
    exchange = nil
    let program = try Binary.start(["demo", "--http-port", "0", "--admin-socket", socket] + arguments, in: scratch)
    self.program = program
    try await poll("the demo says what runs; it wrote: \(program.errors)") {
      try #require(program.end == nil, "ended: \(program.errors)")
      return program.output.contains("Ctrl-C")
    }
    port = try #require(program.output.firstMatch(of: /HTTP +http:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) })
  }

  private static let fileName = "collector.yaml"
  var file: String { "\(scratch.path)/\(Self.fileName)" }

  /// Changes the configuration file; nothing is told to the collector.
  func rewrite(_ configuration: Configuration) throws {
    try Files.write(configuration.text(socket: socket), to: file)
  }

  /// What `echo TEXT | socat` prints, without signs of life.
  func admin(_ text: String) async throws -> String {
    let command = "echo \(Shell.quoted(text)) | socat - UNIX-CONNECT:\(socket)"
    let outcome = try await Shell.run(command, in: scratch)
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
    return outcome.output.split(separator: "\n").filter { !$0.hasPrefix("# ") }.joined(separator: "\n")
  }

  /// The last line of a reply: `OK …` or `ERR …`.
  func trailer(_ text: String) async throws -> String {
    try await admin(text).split(separator: "\n").last.map(String.init) ?? ""
  }

  func get(_ path: String, _ options: String = "") async throws -> HTTPReply {
    let command = "curl -sS -g -i --max-time 20 \(options) 'http://127.0.0.1:\(port)\(path)'"
    return HTTPReply(try await Shell.run(command, in: scratch).output)
  }

  /// What jq makes of the JSON under a path.
  func jq(_ path: String, _ filter: String) async throws -> String {
    let command = "curl -sS -g --max-time 20 'http://127.0.0.1:\(port)\(path)' | jq -cr \(Shell.quoted(filter))"
    let outcome = try await Shell.run(command, in: scratch)
    #expect(outcome.ending == .exit(0), "\(path) | jq \(filter): \(outcome.errors)")
    return outcome.output.split(separator: "\n").joined(separator: "\n")
  }

  /// Waits until a jq filter over the JSON under a path is true.
  func until(_ path: String, _ filter: String, within limit: Duration = .seconds(20)) async throws {
    var last = ""
    try await poll("\(path) | \(filter): \(last)", within: limit) {
      last = try await get(path).body
      let text = try scratch.write(last, to: "last.json")
      return try await Shell.run("jq -e \(Shell.quoted(filter)) \(text)", in: scratch).ending == .exit(0)
    }
  }

  /// Waits until every session is connected and every book synchronised.
  func untilSynchronised(books: Int) async throws {
    try await until(
      "/status",
      "([.exchanges[].is_connected] | all) and ([.orderbook_manager.exchanges[].synchronised] | add) == \(books)")
  }

  /// Ends it with a signal: status 0 within 5 s, and the socket is gone.
  func stop(_ signal: Int32 = SIGTERM) async throws {
    let asked = ContinuousClock.now
    program.send(signal)
    let ending = try await program.ending()
    #expect(ending == .exit(0), "\(program.errors)")
    #expect(ContinuousClock.now - asked < .seconds(5))
    #expect(!Files.exists(socket))
  }
}
