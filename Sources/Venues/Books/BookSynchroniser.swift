import MarketData

/// How a venue chains the changes of a book.
public enum SequenceRule: Sendable, Equatable {
  /// The first id of a change is the last id of the one before plus one (Binance spot).
  case firstFollowsLast
  /// A change names the last id of the one before (Binance USD-M `pu`).
  case namesPrevious

  /// Whether `delta` continues a book that stands at `id`.
  @inline(__always)
  func continues(_ delta: DepthHeader, from id: Int64) -> Bool {
    switch self {
    case .firstFollowsLast: delta.firstUpdateID == id &+ 1
    case .namesPrevious: delta.previousUpdateID == id
    }
  }

  /// Whether `delta`, which ends behind `id`, may be the first one applied to a snapshot that stands at `id`.
  ///
  /// Spot: `U <= id + 1 <= u`. USD-M: `U <= id <= u` or `pu == id`; both are cases of `pu <= id <= u`, which also holds
  /// where ids between `pu` and `U` belong to other symbols.
  func bridges(_ delta: DepthHeader, from id: Int64) -> Bool {
    switch self {
    case .firstFollowsLast: delta.firstUpdateID <= id &+ 1
    case .namesPrevious: (delta.previousUpdateID ?? .max) <= id
    }
  }
}

/// Decides, from sequence numbers alone, what becomes of each change of a book and of each snapshot.
///
/// A value-type state machine without I/O: the caller keeps the buffered changes and carries out the verdicts.
public struct BookSynchroniser: Sendable {
  /// What becomes of a change.
  public enum Verdict: Sendable, Equatable {
    /// Apply it to the book.
    case apply
    /// It is wholly in the book already; count it.
    case dropDuplicate
    /// Keep it for the snapshot to come.
    case buffer
    /// The changes kept so far do not lead to this one: forget them, keep this one.
    case bufferAnew
    /// Something is missing before it: the book is unsynchronised; keep this one and fetch a snapshot.
    case gap
  }

  /// What becomes of a snapshot.
  public enum SnapshotVerdict: Sendable, Equatable {
    /// Set the book to the snapshot, then apply the kept changes from this place on; it is synchronised then.
    case accept(firstKept: Int)
    /// The changes kept begin behind it; fetch a newer one.
    case tooOld
    /// The changes kept have a hole before this place: forget those before it and fetch a newer snapshot.
    case hole(before: Int)
    /// Nothing is waiting for a snapshot.
    case notWanted
  }

  /// Changes in a row that may be older than the book before the book is held to be wrong: an exchange that counts anew,
  /// or one absurd id, would otherwise leave a frozen book that looks good. A snapshot is seconds ahead of its stream at
  /// most, which is fewer changes.
  public static let maximumDuplicatesInARow = 256

  /// The venue's rule.
  public let rule: SequenceRule
  /// The id the book stands at; nil while it is not synchronised.
  public private(set) var position: Int64?
  /// Whether the next change is the first behind a snapshot, which may reach back before it.
  private var isBehindSnapshot = false
  private var lastBuffered: Int64?
  private var duplicatesInARow = 0
  /// Where the book stood when it was lost while its stream went on: an older snapshot cannot be right.
  private var floor: Int64?

  /// Creates a machine that waits for its first snapshot.
  public init(rule: SequenceRule) { self.rule = rule }

  /// Whether the book may be shown as good.
  public var isSynchronised: Bool { position != nil }
  /// Whether changes are being kept for a snapshot.
  public var hasBuffered: Bool { lastBuffered != nil }

  /// Takes a change.
  @inline(__always)
  public mutating func receive(_ delta: DepthHeader) -> Verdict {
    guard let position else { return keep(delta) }
    if rule.continues(delta, from: position), delta.lastUpdateID >= position {
      self.position = delta.lastUpdateID
      isBehindSnapshot = false
      duplicatesInARow = 0
      return .apply
    }
    if delta.lastUpdateID <= position, mayBeDuplicate() { return .dropDuplicate }
    if isBehindSnapshot, delta.lastUpdateID > position, rule.bridges(delta, from: position) {
      self.position = delta.lastUpdateID
      isBehindSnapshot = false
      duplicatesInARow = 0
      return .apply
    }
    self.position = nil
    lastBuffered = delta.lastUpdateID
    duplicatesInARow = 0
    return .gap
  }

  private mutating func mayBeDuplicate() -> Bool {
    duplicatesInARow += 1
    return duplicatesInARow <= Self.maximumDuplicatesInARow
  }

  private mutating func keep(_ delta: DepthHeader) -> Verdict {
    guard let last = lastBuffered else {
      lastBuffered = delta.lastUpdateID
      return .buffer
    }
    // Older than what is kept: the snapshot must cover it anyway to lead to what is kept.
    if delta.lastUpdateID <= last, mayBeDuplicate() { return .dropDuplicate }
    lastBuffered = delta.lastUpdateID
    duplicatesInARow = 0
    return rule.continues(delta, from: last) ? .buffer : .bufferAnew
  }

  /// Takes a snapshot that stands at `id`; `kept` are the changes kept since the book was lost, in order.
  public mutating func receiveSnapshot(id: Int64, kept: [DepthHeader]) -> SnapshotVerdict {
    guard position == nil else { return .notWanted }
    // With changes kept, they prove or disprove the snapshot; without any, what the book had seen does.
    if kept.isEmpty, let floor, id < floor { return .tooOld }
    let first = kept.firstIndex { $0.lastUpdateID > id } ?? kept.count
    var place = id
    for index in first..<kept.count {
      let fits = index == first ? rule.bridges(kept[index], from: place) : rule.continues(kept[index], from: place)
      guard fits else { return index == first ? .tooOld : .hole(before: index) }
      place = kept[index].lastUpdateID
    }
    position = place
    isBehindSnapshot = first == kept.count
    lastBuffered = nil
    duplicatesInARow = 0
    floor = nil
    return .accept(firstKept: first)
  }

  /// The book is lost: everything begins anew.
  ///
  /// - Parameter streamGoesOn: whether the book was found wrong on a stream that goes on. A new stream may count anew.
  public mutating func lose(streamGoesOn: Bool) {
    floor = streamGoesOn ? position ?? floor : nil
    position = nil
    lastBuffered = nil
    isBehindSnapshot = false
    duplicatesInARow = 0
  }
}
