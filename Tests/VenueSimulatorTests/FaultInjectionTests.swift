import Testing
import VenueSimulator

@Suite("Faults on the wire", .serialized)
struct FaultInjectionTests {
  static let depth = "/spot/stream?streams=btcusdt@depth@100ms"

  /// The (U, u) of the first depth messages under a fault.
  private func ranges(_ faults: [Fault], count: Int = 12) async throws -> (ranges: [(Int, Int)], counts: [String: Int])
  {
    var ranges: [(Int, Int)] = []
    var counts: [String: Int] = [:]
    try await withSimulator(SimulatorConfiguration(eventsPerSecond: 2000, faults: faults)) { simulator, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: Self.depth)
      try client.frames { frame in
        guard frame.opcode == 1, let (_, payload) = split(frame) else { return false }
        let message = try decode(DepthMessage.self, payload)
        ranges.append((message.U, message.u))
        return ranges.count == count
      }
      counts = simulator.statistics.faults
    }
    return (ranges, counts)
  }

  @Test("dropped messages leave gaps")
  func drop() async throws {
    let (ranges, counts) = try await ranges([.drop(probability: 0.5)])
    #expect(zip(ranges, ranges.dropFirst()).contains { $0.1 + 1 < $1.0 })
    #expect(counts["drop", default: 0] > 0)
  }

  @Test("duplicated messages come twice")
  func duplicate() async throws {
    let (ranges, counts) = try await ranges([.duplicate(probability: 1)])
    #expect(ranges[0] == ranges[1] && ranges[2] == ranges[3])
    #expect(counts["duplicate", default: 0] >= 6)
  }

  @Test("reordered messages are overtaken")
  func reorder() async throws {
    let (ranges, counts) = try await ranges([.reorder(probability: 1)])
    #expect(ranges[0].0 == ranges[1].1 + 1)
    #expect(counts["reorder", default: 0] >= 6)
  }

  @Test("garbage comes as cut JSON, binary and invalid UTF-8")
  func garbage() async throws {
    let configuration = SimulatorConfiguration(eventsPerSecond: 2000, faults: [.garbage(probability: 1)])
    try await withSimulator(configuration) { simulator, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: "/spot/stream?streams=btcusdt@bookTicker")
      var seen: Set<String> = []
      try client.frames { frame in
        if frame.opcode == 2 { seen.insert("binary") }
        if frame.opcode == 1, String(validating: frame.payload, as: UTF8.self) == nil { seen.insert("utf8") }
        if frame.opcode == 1, frame.payload.last != 0x7D { seen.insert("cut") }
        return seen.count == 3
      }
      #expect(simulator.statistics.faults["garbage", default: 0] >= 3)
    }
  }

  @Test("a connection cut in the middle of a frame ends with half a frame and no goodbye")
  func cutMidFrame() async throws {
    let configuration = SimulatorConfiguration(
      eventsPerSecond: 2000, faults: [.cutMidFrame(every: .milliseconds(300))])
    try await withSimulator(configuration) { simulator, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: Self.depth)
      var outcome = client.next()
      while case .frame(let frame) = outcome {
        #expect(frame.opcode == 1)
        outcome = client.next()
      }
      guard case .ended(let leftover) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(leftover > 2)
      #expect(simulator.statistics.faults["cut-midframe"] == 1)
    }
  }

  @Test("a connection is closed after its time, and another may be opened")
  func close() async throws {
    let configuration = SimulatorConfiguration(eventsPerSecond: 2000, faults: [.close(every: .milliseconds(300))])
    try await withSimulator(configuration) { simulator, endpoints in
      for _ in 0..<2 {
        let client = try SocketClient(port: endpoints.port, stream: Self.depth)
        try client.frames { $0.opcode == 8 }
        #expect(client.next() == .ended(leftover: 0))
      }
      #expect(simulator.statistics.faults["close"] == 2)
      #expect(try await eventually { simulator.statistics.connectionsOpen == 0 })
    }
  }

  @Test("a stalled connection stays open and says nothing until the fault is lifted")
  func stall() async throws {
    let configuration = SimulatorConfiguration(eventsPerSecond: 2000, faults: [.stall(after: .milliseconds(300))])
    try await withSimulator(configuration) { simulator, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: Self.depth)
      #expect(try await eventually { simulator.statistics.faults["stall"] == 1 })
      while case .frame = client.next(seconds: 0.2) {}
      #expect(client.next(seconds: 0.3) == .timeout)
      #expect(simulator.statistics.connectionsOpen == 1)
      simulator.setFaults([])
      try client.frames { $0.opcode == 1 }
    }
  }

  @Test("REST refuses as often as asked, with Retry-After, then answers")
  func refusals() async throws {
    try await withSimulator(SimulatorConfiguration(faults: [.rest429(count: 1), .rest418(count: 1)])) { _, endpoints in
      let path = "/spot/api/v3/depth?symbol=BTCUSDT&limit=5"
      let first = try SocketClient.get(port: endpoints.port, path).head
      #expect(first.hasPrefix("HTTP/1.1 429") && first.contains("Retry-After: 1\r\n"))
      #expect(try SocketClient.get(port: endpoints.port, path).head.hasPrefix("HTTP/1.1 418"))
      #expect(try SocketClient.get(port: endpoints.port, path).head.hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test("a stale snapshot is older than anything streamed, the next one is not")
  func staleSnapshot() async throws {
    let configuration = SimulatorConfiguration(eventsPerSecond: 2000, faults: [.staleSnapshot(count: 1)])
    try await withSimulator(configuration) { simulator, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: Self.depth)
      let frame = try #require(client.frames { $0.opcode == 1 }.last)
      let first = try decode(DepthMessage.self, try #require(split(frame)).payload)
      let path = "/spot/api/v3/depth?symbol=BTCUSDT&limit=100"
      let stale = try decode(SnapshotMessage.self, try SocketClient.get(port: endpoints.port, path).body)
      #expect(stale.lastUpdateId + 1 < first.U)
      let fresh = try decode(SnapshotMessage.self, try SocketClient.get(port: endpoints.port, path).body)
      #expect(fresh.lastUpdateId >= first.u)
      #expect(simulator.statistics.faults["stale-snapshot"] == 1)
    }
  }
}
