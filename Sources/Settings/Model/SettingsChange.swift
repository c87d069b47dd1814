/// What a changed key asks of a running collector.
public enum ReloadClass: String, Sendable, Equatable, CaseIterable {
  /// Takes effect in place.
  case hot
  /// The component it belongs to is built anew beside the old one.
  case rebuild
  /// Needs a new process.
  case restart
}

/// One key that differs between two settings.
public struct SettingsChange: Sendable, Equatable {
  /// For example `exchanges[1].symbols`, with the index the entry has in the new settings (in the old ones, when
  /// the entry was removed).
  public var keyPath: String
  /// Name of the exchange entry it belongs to, if it does.
  public var exchange: String?
  /// What the change asks for.
  public var reloadClass: ReloadClass
  /// The value before, with secrets replaced; empty when there was none.
  public var old: String
  /// The value after, with secrets replaced; empty when there is none.
  public var new: String

  /// A change with the given values.
  public init(keyPath: String, exchange: String? = nil, reloadClass: ReloadClass, old: String, new: String) {
    self.keyPath = keyPath
    self.exchange = exchange
    self.reloadClass = reloadClass
    self.old = old
    self.new = new
  }
}
