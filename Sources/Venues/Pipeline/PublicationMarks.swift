/// How far the publishing of one instrument's events has come, by the exchange's own ids. One connection hands these to
/// another that takes its place, so that no event is published twice and none is left out.
public struct PublicationMarks: Sendable, Equatable {
  /// Id of the last trade.
  public var trade: Int64 = .min
  /// Id of the last best price.
  public var quote: Int64 = .min
  /// Last id of the last change of the book.
  public var depth: Int64 = .min

  /// Nothing was published.
  public init() {}

  /// The later of each.
  func later(_ other: PublicationMarks) -> PublicationMarks {
    var later = self
    later.trade = max(trade, other.trade)
    later.quote = max(quote, other.quote)
    later.depth = max(depth, other.depth)
    return later
  }
}
