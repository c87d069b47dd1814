import Feeds
import Logging
import MarketData

/// Something that happened to the collector: what `watch events` shows and, where no other room has logged it, the
/// line in the log.
package enum AgentEvent: Sendable, Equatable {
  /// To a session or a book.
  case feed(FeedEvent)
  /// The link to NATS came up.
  case natsUp(server: String)
  /// The link to NATS was lost, or could not be made.
  case natsDown(reason: String)
  /// The health changed.
  case health(from: HealthState, to: HealthState, because: String)
  /// A reload is over.
  case reload(succeeded: Bool, summary: String)
  /// Something was changed at run time.
  case overrideSet(ActiveOverride)
  /// A change made at run time ended.
  case overrideEnded(OverrideKey, because: String)
  /// The end was asked for.
  case shutdown(by: String)

  /// The kind, which never changes its name.
  package var name: String {
    switch self {
    case .feed(.connected): "session_up"
    case .feed(.disconnected): "session_down"
    case .feed(.bookLost): "book_lost"
    case .feed(.bookSynchronised): "book_synchronised"
    case .natsUp: "nats_up"
    case .natsDown: "nats_down"
    case .health: "health"
    case .reload(succeeded: true, _): "reload"
    case .reload(succeeded: false, _): "reload_failed"
    case .overrideSet: "override_set"
    case .overrideEnded: "override_ended"
    case .shutdown: "shutdown"
    }
  }

  /// What happened, in words.
  package var text: String {
    switch self {
    case .feed(.connected(let session)): session
    case .feed(.disconnected(let session, let reason, let retry)):
      "\(session) \(reason)" + (retry.map { "; retrying in \($0) ms" } ?? "; not retrying")
    case .feed(.bookLost(let instrument, let reason)): "\(Self.name(of: instrument)) \(reason)"
    case .feed(.bookSynchronised(let instrument)): Self.name(of: instrument)
    case .natsUp(let server): server
    case .natsDown(let reason): reason
    case .health(let from, let to, let reason):
      "\(from.rawValue) → \(to.rawValue)" + (reason.isEmpty ? "" : " (\(reason))")
    case .reload(_, let summary): summary
    case .overrideSet(let override): override.text
    case .overrideEnded(let key, let reason): "\(key.text) \(reason)"
    case .shutdown(let who): "asked for by \(who)"
    }
  }

  /// At which level the agent logs it; nil where the room in which it happened does, or the audit log.
  var level: Logger.Level? {
    switch self {
    // Without the reason nobody could say afterwards why a book was gone.
    case .feed(.bookLost): .notice
    case .feed, .natsUp, .natsDown, .reload: nil
    case .health, .overrideSet, .overrideEnded, .shutdown: .notice
    }
  }

  private static func name(of instrument: Instrument) -> String {
    "\(instrument.exchange) \(instrument.market.rawValue) \(instrument.symbol)"
  }
}
