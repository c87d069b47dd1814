import Feeds
import MarketData
import Testing
import VenueSimulator
import Venues

/// What a fault leaves in the counters, summed over all sessions.
struct FaultCounters {
  var gaps = 0
  var duplicates = 0
  var resynchronisations = 0
  var snapshotsTooOld = 0
  var reconnects = 0
  var snapshotFailures = 0
  var refusals: UInt64 = 0
  var failures: [DecodeFailure.Kind: Int] = [:]
  var disconnects: [String] = []

  init(_ rig: Rig) async {
    for report in await rig.reports() {
      reconnects += report.reconnects
      snapshotFailures += report.snapshotFailures
      if let reason = report.lastDisconnect { disconnects.append(reason) }
      for (kind, count) in report.statistics.failuresByKind { failures[kind, default: 0] += count }
      for book in report.books {
        gaps += book.statistics.gaps
        duplicates += book.statistics.duplicates
        resynchronisations += book.statistics.resynchronisations
        snapshotsTooOld += book.statistics.snapshotsTooOld
      }
    }
    refusals = rig.budgets.values.reduce(0) { $0 + $1.refusals }
  }
}

@Suite("Recovery from faults", .serialized)
struct FaultRecoveryTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var faults: [Fault]
    var staleAfter: Duration = .seconds(30)
    /// Whether there is one symbol a market only, so that a message's successor is the same symbol's.
    var isAlone = false
    /// Whether the counters say what happened.
    var isTold: @Sendable (FaultCounters, SimulatorStatistics) -> Bool
  }

  static let cases: [Case] = [
    Case(testDescription: "drop", faults: [.drop(probability: 0.03)]) { counters, _ in
      counters.gaps > 0 && counters.resynchronisations > 0 && counters.reconnects == 0
    },
    Case(testDescription: "duplicate", faults: [.duplicate(probability: 0.1)]) { counters, statistics in
      counters.duplicates > 0 && counters.duplicates <= statistics.faults["duplicate", default: 0]
        && counters.gaps == 0 && counters.resynchronisations == 0 && counters.reconnects == 0
    },
    Case(testDescription: "reorder", faults: [.reorder(probability: 0.03)], isAlone: true) { counters, _ in
      counters.gaps > 0 && counters.duplicates > 0 && counters.resynchronisations > 0 && counters.reconnects == 0
    },
    Case(testDescription: "cut-midframe", faults: [.cutMidFrame(every: .milliseconds(900))]) { counters, statistics in
      counters.reconnects > 1 && counters.resynchronisations > 0 && counters.gaps == 0
        && counters.disconnects.allSatisfy { $0.hasPrefix("connection lost") }
        && statistics.connectionsOpened >= counters.reconnects
    },
    Case(testDescription: "close", faults: [.close(every: .milliseconds(900))]) { counters, _ in
      counters.reconnects > 1 && counters.resynchronisations > 0 && counters.gaps == 0
        && counters.disconnects.allSatisfy { $0.hasPrefix("closed by peer (1001") }
    },
    Case(testDescription: "stale-snapshot", faults: [.staleSnapshot(count: 4)]) { counters, statistics in
      counters.snapshotsTooOld > 0 && counters.reconnects == 0 && counters.snapshotFailures == 0
        && statistics.faults["stale-snapshot"] == 4
    },
    Case(testDescription: "rest-429", faults: [.rest429(count: 3)]) { counters, statistics in
      counters.refusals == 3 && counters.snapshotFailures == 3 && statistics.faults["rest-429"] == 3
    },
    Case(testDescription: "rest-418", faults: [.rest418(count: 3)]) { counters, statistics in
      counters.refusals == 3 && counters.snapshotFailures == 3 && statistics.faults["rest-418"] == 3
    },
    Case(testDescription: "stall", faults: [.stall(after: .milliseconds(700))], staleAfter: .milliseconds(1200)) {
      counters, _ in
      counters.reconnects > 0 && counters.resynchronisations > 0
        && counters.disconnects.allSatisfy { $0 == "no data for too long" }
    },
    Case(testDescription: "garbage", faults: [.garbage(probability: 0.05)]) { counters, statistics in
      counters.failures.values.reduce(0, +) == statistics.faults["garbage"]
        && counters.failures[.binaryFrame, default: 0] > 0 && counters.failures[.invalidUTF8, default: 0] > 0
        && counters.failures.count >= 3 && counters.reconnects == 0 && counters.gaps == 0
    },
    Case(testDescription: "ping", faults: [.ping(every: .milliseconds(300))]) { counters, statistics in
      statistics.pingsSent > 10 && statistics.pongsReceived > 8 && statistics.pongTimeouts == 0
        && statistics.rateLimitedConnections == 0 && counters.reconnects == 0
    },
  ]

  @Test("books come back exactly, and are never shown as good while wrong", arguments: cases)
  func recovers(_ fault: Case) async throws {
    var options = Rig.Options()
    options.simulator.faults = fault.faults
    options.simulator.pongTimeout = .milliseconds(500)
    options.session.staleAfter = fault.staleAfter
    if fault.isAlone { options.symbols = [.spot: ["BTCUSDT"], .perpetual: ["BTCUSDT"]] }
    try await Rig.run(options) { rig in
      try await Self.exercise(rig, for: .milliseconds(2500))
      let counters = await FaultCounters(rig)
      #expect(fault.isTold(counters, rig.simulator.statistics), "\(counters) \(rig.simulator.statistics)")
      try await checkPublished(rig)
    }
  }

  @Test("all faults together, twenty seconds")
  func everything() async throws {
    var options = Rig.Options()
    options.simulator.seed = 20_240_808
    options.simulator.pongTimeout = .milliseconds(500)
    options.session.staleAfter = .milliseconds(2000)
    options.simulator.faults = [
      .drop(probability: 0.01), .duplicate(probability: 0.02), .reorder(probability: 0.005),
      .garbage(probability: 0.005), .cutMidFrame(every: .milliseconds(3100)), .close(every: .milliseconds(4100)),
      .stall(after: .milliseconds(2500)), .staleSnapshot(count: 8), .rest429(count: 3), .rest418(count: 2),
      .ping(every: .milliseconds(300)),
    ]
    try await Rig.run(options) { rig in
      try await Self.exercise(rig, for: .seconds(20))
      let counters = await FaultCounters(rig)
      #expect(counters.gaps > 0 && counters.duplicates > 0 && counters.reconnects > 0, "\(counters)")
      #expect(counters.refusals == 5)
      try await checkPublished(rig)
    }
  }

  private static func exercise(_ rig: Rig, for duration: Duration) async throws {
    var sampler = TruthSampler()
    await sampler.run(rig, for: duration)
    try await rig.settle()
    #expect(sampler.compared > 0)
    #expect(sampler.wrong.isEmpty)
    let books = await rig.books()
    #expect(books.count == rig.feeds.values.reduce(0) { $0 + $1.configuration.wish.instruments.count })
    #expect(books.allSatisfy { $0.statistics.checkpointsMismatched == 0 && $0.statistics.crossed == 0 })
    #expect(books.contains { $0.statistics.checkpointsMatched > 0 })
  }
}
