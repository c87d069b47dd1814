import MarketData
import Venues

/// Binance with room for only a few instruments on a connection.
struct SmallVenue: Venue {
  private let binance = BinanceVenue()
  let perConnection: Int

  var name: String { binance.name }
  var markets: [(market: MarketType, dataTypes: [DataType])] { binance.markets }
  func weightLimit(market: MarketType) -> Int { binance.weightLimit(market: market) }
  func endpoints(market: MarketType) -> VenueEndpoints { binance.endpoints(market: market) }
  func instrument(_ symbol: String, market: MarketType) -> Instrument? { binance.instrument(symbol, market: market) }
  func instrumentsPerConnection(_ wish: SubscriptionWish) -> Int { perConnection }
  func connection(_ wish: SubscriptionWish) -> ConnectionPlan { binance.connection(wish) }
  func subscription(_ change: SubscriptionChange, streams: [String], id: Int64) -> String {
    binance.subscription(change, streams: streams, id: id)
  }
  func streams(of instrument: Instrument, in wish: SubscriptionWish) -> [String] {
    binance.streams(of: instrument, in: wish)
  }
  func decoder(market: MarketType, instruments: [Instrument], learnsSymbols: Bool) -> FrameDecoder {
    binance.decoder(market: market, instruments: instruments, learnsSymbols: learnsSymbols)
  }
  func sequenceRule(market: MarketType) -> SequenceRule { binance.sequenceRule(market: market) }
  func snapshotRequest(_ instrument: Instrument, depth: Int) -> SnapshotRequest {
    binance.snapshotRequest(instrument, depth: depth)
  }
  func symbol(inSnapshotURL url: String) -> String? { binance.symbol(inSnapshotURL: url) }
}
