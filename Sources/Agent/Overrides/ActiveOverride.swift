import MarketData

/// What can be changed at run time without touching the configuration.
package enum OverrideKey: Hashable, Sendable {
  /// `nats.optional`.
  case natsOptional
  /// The log level of a label, or of everything.
  case logLevel(label: String?)
  /// Whether an exchange entry is paused.
  case exchange(String)
  /// Whether the collector is drained.
  case drain

  /// As `overrides` lists it and `overrides clear` takes it.
  package var text: String {
    switch self {
    case .natsOptional: "nats.optional"
    case .logLevel(label: nil): "collector.log_level"
    case .logLevel(label: .some(let label)): "log_level.\(label)"
    case .exchange(let name): "exchange.\(name)"
    case .drain: "drain"
    }
  }
}

/// One change made at run time: what, by whom, when, why and until when.
package struct ActiveOverride: Sendable, Equatable {
  /// What is changed.
  package var key: OverrideKey
  /// To what.
  package var value: String
  /// Who changed it: `uid 1000`.
  package var by: String
  /// Why.
  package var reason: String?
  /// When, in nanoseconds since 1970.
  package var setAt: Int64
  /// When it ends by itself; nil for never.
  package var until: Int64?

  /// An override.
  package init(key: OverrideKey, value: String, by: String, reason: String?, setAt: Int64, until: Int64?) {
    self.key = key
    self.value = value
    self.by = by
    self.reason = reason
    self.setAt = setAt
    self.until = until
  }

  /// One line with everything.
  package var text: String {
    "\(key.text)=\(value) by \(by) at \(Timestamp(nanoseconds: setAt).rfc3339)"
      + (until.map { " until \(Timestamp(nanoseconds: $0).rfc3339)" } ?? "")
      + (reason.map { ": \($0)" } ?? "")
  }
}
