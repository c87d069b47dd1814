import MarketData
import Settings

/// What a change of the settings asks of each exchange entry: a pure value, so that it can be looked at without a feed.
struct FeedPlan: Equatable, Sendable {
  /// What one key asks of the entry it belongs to.
  enum Demand: Equatable, Sendable {
    /// Subscribe and unsubscribe on the living connections.
    case follow
    /// Change a limit in place.
    case tune
    /// Open the entry anew beside the old.
    case replace
    /// Nothing of its own: the entry comes or goes, or this version does nothing with the key.
    case nothing
  }

  /// What becomes of one entry.
  enum Step: Equatable, Sendable {
    /// Its connections are not touched.
    case untouched
    /// It goes on, with other symbols, other limits, or both.
    case adjust(follows: Bool, tunes: Bool)
    /// It is opened anew, and takes the place of the old.
    case replace
    /// It is new.
    case open
    /// It goes.
    case close
  }

  /// One entry.
  struct Entry: Equatable, Sendable {
    /// The entry's name.
    var name: String
    /// The key that a failure belongs to: `exchanges[0].symbols`.
    var keyPath: String
    /// What becomes of it.
    var step: Step
  }

  /// What each key of an entry asks for.
  static let demands: [String: Demand] = [
    "name": .nothing, "enabled": .nothing, "snapshot_interval": .nothing, "symbols": .follow,
    "stale_after": .tune, "reconnect_minimum": .tune, "reconnect_maximum": .tune, "ping_interval": .tune,
    "depth_limit": .tune, "exchange": .replace, "market_type": .replace, "ws_url": .replace, "base_url": .replace,
    "data_types": .replace, "depth_speed": .replace, "max_frame_bytes": .replace,
  ]

  /// In the order of the new settings; entries that go stand at the end.
  let entries: [Entry]

  /// Whether any entry is touched.
  var isEmpty: Bool { entries.allSatisfy { $0.step == .untouched } }

  /// The plan for a change.
  init(_ change: ReloadChange) {
    let old = change.old.exchanges.filter(\.enabled)
    let new = change.new.exchanges.filter(\.enabled)
    entries =
      new.map { entry in Self.entry(entry, old.first { $0.name == entry.name }, change) }
      + old.filter { entry in !new.contains { $0.name == entry.name } }.map { entry in
        Entry(name: entry.name, keyPath: Self.firstKey(of: entry.name, change) ?? "exchanges", step: .close)
      }
  }

  private static func entry(
    _ new: CollectorSettings.Exchange, _ old: CollectorSettings.Exchange?, _ change: ReloadChange
  ) -> Entry {
    guard old != nil else {
      return Entry(name: new.name, keyPath: firstKey(of: new.name, change) ?? "exchanges", step: .open)
    }
    var demanded = change.changes.filter { $0.exchange == new.name }.map { (key: $0.keyPath, demand: demand($0)) }
    if change.old.nats.subject != change.new.nats.subject { demanded.append(("nats.subject", .replace)) }
    if keepsBooks(new, change.old) != keepsBooks(new, change.new) {
      demanded.append(("collector.enable_orderbook_manager", .replace))
    }
    let demands = demanded.map(\.demand)
    let step: Step
    if demands.contains(.replace) {
      step = .replace
    } else if demands.contains(.follow) || demands.contains(.tune) {
      step = .adjust(follows: demands.contains(.follow), tunes: demands.contains(.tune))
    } else {
      step = .untouched
    }
    let telling = demanded.first { $0.demand == .replace } ?? demanded.first { $0.demand == .follow } ?? demanded.first
    return Entry(name: new.name, keyPath: telling?.key ?? "exchanges", step: step)
  }

  private static func demand(_ change: SettingsChange) -> Demand {
    guard let dot = change.keyPath.lastIndex(of: ".") else { return .nothing }
    // A key that this table does not know is opened anew with: nothing must stay without effect.
    return demands[String(change.keyPath[change.keyPath.index(after: dot)...])] ?? .replace
  }

  private static func firstKey(of name: String, _ change: ReloadChange) -> String? {
    change.changes.first { $0.exchange == name }?.keyPath
  }

  private static func keepsBooks(_ entry: CollectorSettings.Exchange, _ settings: CollectorSettings) -> Bool {
    settings.collector.enableOrderbookManager && entry.dataTypes.contains(DataType.orderbook.rawValue)
  }
}
