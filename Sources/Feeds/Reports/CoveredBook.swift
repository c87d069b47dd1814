import MarketData
import NIOCore
import Venues

/// A copy of a book with how far it is known: the snapshot it was built from was cut off at some price, and of worse prices
/// only those are known that the stream has touched since.
public struct CoveredBook: Sendable {
  /// The copy.
  public var view: BookView
  /// The lowest bid price up to which all is known; nil when all is.
  public var lowestBid: FixedDecimal?
  /// The highest ask price up to which all is known; nil when all is.
  public var highestAsk: FixedDecimal?
}

extension Feed {
  /// A copy of a book with how far it is known; nil when none is kept.
  public func coveredBook(of instrument: Instrument, depth: Int) async -> CoveredBook? {
    for session in runningSessions {
      let copy = session.loop.submit { session.coveredBook(of: instrument, depth: depth) }
      if let book = try? await copy.get() { return book }
    }
    return nil
  }
}

extension FeedSession {
  /// On the loop.
  fileprivate func coveredBook(of instrument: Instrument, depth: Int) -> CoveredBook? {
    guard let view = bookOnLoop(instrument, depth: depth),
      let place = pipeline.decoder.place(of: instrument.venueSymbol),
      let edges = pipeline.book(instrument: place)?.rangeEdges
    else { return nil }
    return CoveredBook(view: view, lowestBid: edges.bid, highestAsk: edges.ask)
  }
}
