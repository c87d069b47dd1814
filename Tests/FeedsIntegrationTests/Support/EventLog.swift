import FoundationEssentials
import MarketData
import Synchronization

/// Keeps what a feed publishes, as far as its bound goes.
final class EventLog: Sendable {
  /// One published event as a consumer reads it.
  struct Event: Decodable {
    var market_type: String
    var symbol: String
    var data_type: String
    var trade_id: String?
    var sequence: Int64?
    var update_type: String?
    var first_update_id: Int64?
    var last_update_id: Int64?
    var prev_update_id: Int64?
    var bids: [[String]]?
    var asks: [[String]]?
  }

  private struct State {
    var payloads: [(type: DataType, bytes: [UInt8])] = []
    var lost = 0
  }

  private static let maximumEvents = 300_000
  private let state = Mutex(State())

  func append(_ events: borrowing EncodedEvents) {
    state.withLock { state in
      for index in 0..<events.count {
        guard let view = events.view(at: index) else { continue }
        guard state.payloads.count < Self.maximumEvents else {
          state.lost += 1
          continue
        }
        state.payloads.append((view.type, Array(view.payload)))
      }
    }
  }

  var count: Int { state.withLock { $0.payloads.count } }
  /// Events that did not fit in.
  var lost: Int { state.withLock { $0.lost } }

  /// The events of a kind from place `start` on, in the order of publication.
  func events(_ type: DataType, from start: Int = 0) throws -> [Event] {
    let payloads = state.withLock { $0.payloads.dropFirst(start).filter { $0.type == type }.map(\.bytes) }
    let decoder = JSONDecoder()
    return try payloads.map { try decoder.decode(Event.self, from: Data($0)) }
  }
}

/// A book that a consumer builds from published snapshots and deltas alone.
struct ConsumerBook {
  private(set) var lastUpdateID: Int64?
  private(set) var snapshots = 0
  private(set) var deltas = 0
  /// Deltas that did not continue what came before them.
  private(set) var violations: [String] = []
  private var isBehindSnapshot = false
  private var bids: [String: String] = [:]
  private var asks: [String: String] = [:]

  mutating func receive(_ event: EventLog.Event) {
    guard let last = event.last_update_id, let bids = event.bids, let asks = event.asks else {
      violations.append("an event without ids or sides")
      return
    }
    if event.update_type == "snapshot" {
      snapshots += 1
      (self.bids, self.asks) = ([:], [:])
      isBehindSnapshot = true
    } else {
      deltas += 1
      if !continues(event) { violations.append("\(event.prev_update_id ?? -1) \(last) after \(lastUpdateID ?? -1)") }
      isBehindSnapshot = false
    }
    lastUpdateID = last
    Self.apply(bids, to: &self.bids)
    Self.apply(asks, to: &self.asks)
  }

  private func continues(_ delta: EventLog.Event) -> Bool {
    guard let id = lastUpdateID, let first = delta.first_update_id, let last = delta.last_update_id else {
      return false
    }
    if let previous = delta.prev_update_id {
      return previous == id || (isBehindSnapshot && previous <= id && last > id)
    }
    return first == id + 1 || (isBehindSnapshot && first <= id + 1 && last > id)
  }

  private static func apply(_ levels: [[String]], to side: inout [String: String]) {
    for level in levels where level.count == 2 {
      side[level[0]] = level[1].contains { $0 != "0" && $0 != "." } ? level[1] : nil
    }
  }

  /// Whether both sides hold exactly the given levels.
  func holds(bids: [(String, String)], asks: [(String, String)]) -> Bool {
    self.bids == Dictionary(bids) { $1 } && self.asks == Dictionary(asks) { $1 }
  }
}
