import AdminProtocol
import AdminSocket

/// Rules of a connection for any bytes, and for any order of what can happen to it.
enum ConnectionTarget {
  static func feed(_ input: [UInt8]) throws(FuzzFailure) {
    try answersEachOnce(input)
    var play = ConnectionPlay(script: input)
    try play.run()
  }

  /// Sent to a collector that answers at once and read by a caller that reads at once, each request up to `quit` gets
  /// exactly one trailer.
  private static func answersEachOnce(_ input: [UInt8]) throws(FuzzFailure) {
    var parser = RequestParser()
    var expected = 0
    for parsed in parser.feed(input) + parser.endOfInput() {
      expected += 1
      if case .request(let request) = parsed, case .success(let call) = CommandTable.resolve(request), call.id == .quit
      {
        break
      }
    }
    var machine = ConnectionPlay.machine()
    var waiting = machine.opened() + machine.received(input) + machine.ended()
    var written = ""
    while let action = waiting.first {
      waiting.removeFirst()
      switch action {
      case .write(let text):
        written += text
        waiting += machine.sent(text.utf8.count)
      case .run(let number, let call):
        waiting += machine.completed(number, Reply(body: ["OK", call.payload ?? "", "# x"]))
      default: break
      }
    }
    let lines = written.replacing("\(ConnectionPlay.prompt)", with: "").split(separator: "\n")
    let trailers = lines.count { $0.hasPrefix("OK") || $0.hasPrefix("ERR ") || $0.hasPrefix("{\"v\":1,") }
    try require(trailers == expected, "\(trailers) trailers for \(expected) requests: \(written.debugDescription)")
  }
}
