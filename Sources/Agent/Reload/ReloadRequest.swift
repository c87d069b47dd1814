/// What a caller asks of a reload.
public struct ReloadRequest: Sendable, Equatable {
  /// Which settings to go to.
  public enum Kind: Sendable, Equatable {
    /// Those that the files say now.
    case reload
    /// Those of the generation before.
    case rollback
  }

  /// Which settings to go to.
  public var kind: Kind
  /// Only say what would change.
  public var dryRun: Bool
  /// Refuse unless this generation is active.
  public var ifGeneration: Int?
  /// Undo by itself unless `confirm` comes within this time.
  public var confirmWithin: Duration?
  /// Apply what can be applied although some keys need a restart, and mark those as pending.
  public var allowPending: Bool

  /// A request; without arguments the one that SIGHUP stands for.
  public init(
    kind: Kind = .reload, dryRun: Bool = false, ifGeneration: Int? = nil, confirmWithin: Duration? = nil,
    allowPending: Bool = false
  ) {
    self.kind = kind
    self.dryRun = dryRun
    self.ifGeneration = ifGeneration
    self.confirmWithin = confirmWithin
    self.allowPending = allowPending
  }
}
