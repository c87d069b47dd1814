import AdminProtocol
import Glibc

/// Carries out the lines of standard input, in the grammar of the admin protocol, up to the first request that fails.
struct ScriptRunner {
  private let runner: RequestRunner
  private let streams: ToolStreams
  private var parser = RequestParser()

  init(_ runner: RequestRunner, _ streams: ToolStreams) {
    self.runner = runner
    self.streams = streams
  }

  /// Reads to the end. A line is carried out as soon as it is there.
  mutating func run() -> ExitStatus {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(streams.input, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      let inputs = count > 0 ? parser.feed(chunk.prefix(count)) : parser.endOfInput()
      for input in inputs {
        let outcome = carryOut(input)
        if let outcome { return outcome }
      }
      if count <= 0 { return .done }
    }
  }

  /// Nil when the next one may follow.
  private func carryOut(_ input: ParsedInput) -> ExitStatus? {
    switch input {
    case .failure(let error, _):
      streams.error("\(error.slug.code) \(error.slug.slug): \(error.message)")
      return .refused
    case .request(let request):
      let id = try? CommandTable.resolve(request).get().id
      if id == .quit { return .done }
      // There is no person here to prompt.
      if id == .prompt { return nil }
      let status = runner.run(request)
      return status == .done ? nil : status
    }
  }
}
