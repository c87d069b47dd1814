import AdminProtocol
import Agent
import MarketData

/// How `/api/v1/orderbook` writes a book.
enum BookFormat: String, Sendable, CaseIterable {
  /// Levels as objects, with the state of synchronisation.
  case enhanced
  /// Levels as objects.
  case legacy
  /// Levels as pairs.
  case simple
}

/// Levels with the exchange's own digits.
enum BookJSON {
  /// `[["61659.70","0.5"], …]`
  static func pairs(_ levels: [BookLevel]) -> JSONValue {
    .array(levels.map { [.string($0.price.description), .string($0.quantity.description)] })
  }

  /// `[{"price":"61659.70","quantity":"0.5"}, …]`
  static func objects(_ levels: [BookLevel]) -> JSONValue {
    .array(levels.map { ["price": .string($0.price.description), "quantity": .string($0.quantity.description)] })
  }

  /// When the exchange made the last change, or when it was received where the exchange does not say.
  static func time(_ view: BookView) -> Timestamp {
    guard let milliseconds = view.eventTimeMS else { return view.receivedAt }
    let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? view.receivedAt : Timestamp(nanoseconds: nanoseconds)
  }

  /// The 503 of a book that must not be shown.
  static func notSynchronised(_ view: BookView) -> ProtocolError {
    let name = "\(view.instrument.exchange) \(view.instrument.market.rawValue) \(view.instrument.symbol)"
    let reason = view.reason ?? "not synchronised"
    return ProtocolError(
      .notReady, "the book of \(name) is not synchronised: \(reason)",
      fields: [
        ReplyField("exchange", view.instrument.exchange), ReplyField("market", view.instrument.market.rawValue),
        ReplyField("symbol", view.instrument.symbol), ReplyField("reason", reason),
        ReplyField("age_ms", String(view.ageMS)),
      ])
  }
}
