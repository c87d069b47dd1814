import AdminProtocol
import AdminSocket

/// Plays a script of bytes on a connection: every eighth byte or so says what happens next, the others are what is sent.
struct ConnectionPlay {
  static let prompt = "marketprism[up]> "

  private var script: ArraySlice<UInt8>
  private var machine = ConnectionPlay.machine()
  private var running: Int?
  private var lastNumber = 0
  private var audited: Set<Int> = []
  private var unsent = 0
  private var closed = false
  /// It has said its last, or its caller has gone.
  private var ending = false

  init(script: [UInt8]) { self.script = script[...] }

  static func machine() -> ConnectionMachine {
    ConnectionMachine(
      caller: Caller(uid: 1, gid: 1, pid: 1, role: .operator), limits: AdminSocketLimits(),
      surroundings: .init(version: "collector 1", generation: { 1 }, promptState: { "up" }))
  }

  mutating func run() throws(FuzzFailure) {
    try perform(machine.opened())
    while let byte = script.popFirst() {
      switch byte % 16 {
      case 0: try perform(machine.sent(unsentNow(all: false)))
      case 1: if let running { try perform(machine.progressed(running, "x\ny")) }
      case 2: if let running { try perform(machine.lined(running, "OK\n#")) }
      case 3: try perform(machine.fired(.progress))
      case 4 where byte > 200: try perform(machine.fired(.command))
      case 5 where byte > 200: try perform(machine.fired(.idle))
      case 6 where byte > 240: try perform(machine.shutDown())
      case 7 where byte > 240: try perform(machine.ended())
      case 8 where byte > 240:
        ending = true
        try perform(machine.disconnected())
      case 9, 10, 11: if let running { try perform(machine.completed(running, Reply(body: ["b"], changed: true))) }
      case 12: try perform(machine.completed(lastNumber, Reply()))
      case 13, 14: try perform(machine.sent(unsentNow(all: true)))
      default:
        let piece = Array(script.prefix(Int(byte)))
        script = script.dropFirst(piece.count)
        try perform(machine.received(piece))
      }
    }
    try end()
  }

  /// Whatever came before, when the caller ends its input and reads, all is answered and the connection closes.
  private mutating func end() throws(FuzzFailure) {
    try perform(machine.ended())
    for _ in 0..<100_000 where !closed {
      if let running { try perform(machine.completed(running, Reply())) }
      let count = unsentNow(all: true)
      if count > 0 { try perform(machine.sent(count)) } else if running == nil { break }
    }
    try require(closed || ending, "the connection does not close")
  }

  private mutating func unsentNow(all: Bool) -> Int {
    let count = all ? unsent : unsent / 2
    unsent -= count
    return count
  }

  private mutating func perform(_ actions: [ConnectionMachine.Action]) throws(FuzzFailure) {
    for action in actions {
      switch action {
      case .write(let text):
        try require(!closed, "writes after it is closed")
        try require(text.hasSuffix("\n") || text.hasSuffix(Self.prompt), "half a line: \(text.debugDescription)")
        unsent += text.utf8.count
        try require(unsent <= 1 << 20, "more than 1 MiB unsent")
      case .run(let number, let call):
        try require(!closed && running == nil, "\(call.specification.name) begins beside another command, or too late")
        try require(number == lastNumber + 1, "command \(number) after \(lastNumber)")
        try require(call.specification.role <= .operator, "\(call.specification.name) runs without its role")
        (running, lastNumber) = (number, number)
      case .cancel(let number): try require(number == lastNumber, "\(number) is cancelled, which does not run")
      case .audit(let record):
        try require(!record.command.isEmpty && record.command.count <= 513, "an audit line of \(record.command.count)")
        if record.result == "ok" { try require(audited.insert(lastNumber).inserted, "\(lastNumber) is audited twice") }
      case .close: closed = true
      case .endOutput: ending = true
      case .arm, .disarm, .count: break
      }
      if case .count(.commandTimeout) = action { running = nil }
      if case .cancel = action { running = nil }
      if case .disarm(.command) = action { running = nil }
    }
  }
}
