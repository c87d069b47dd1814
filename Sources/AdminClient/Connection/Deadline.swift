/// A moment after which waiting ends.
package struct Deadline: Sendable {
  /// The moment.
  package let instant: ContinuousClock.Instant

  /// So long from now.
  package init(in duration: Duration) { instant = .now + duration }

  /// Whether the moment is past.
  package var isOver: Bool { ContinuousClock.now >= instant }

  /// What is left, in whole milliseconds rounded up, as poll takes it; 0 when it is over.
  package var milliseconds: Int32 {
    let left = ContinuousClock.now.duration(to: instant)
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }

  /// The nearer of two moments.
  package static func earlier(_ left: Deadline, _ right: Deadline?) -> Deadline {
    guard let right, right.instant < left.instant else { return left }
    return right
  }
}
