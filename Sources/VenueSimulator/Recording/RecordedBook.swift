/// The book of a recorded symbol: the recorded snapshot with the depth messages sent since, so that a client which
/// lost its way can ask for a snapshot at any time, as on the exchange.
package struct RecordedBook: Sendable {
  package private(set) var book: SimulatedBook
  package let format: DecimalFormat
  /// The recorded body, as long as nothing newer has been sent.
  package private(set) var recordedBody: [UInt8]?

  /// Nil when the body is not a depth snapshot.
  package init?(body: [UInt8]) {
    var scanner = ByteScanner(body[...])
    guard scanner.find("\"lastUpdateId\":"), let id = scanner.number(),
      let format = DepthText.format(ofFirstLevelIn: body[...])
    else { return nil }
    self.format = format
    book = SimulatedBook(lastUpdateID: id)
    guard let bids = DepthText.levels(after: "\"bids\":", in: body[...], format: format),
      let asks = DepthText.levels(after: "\"asks\":", in: body[...], format: format)
    else { return nil }
    for level in bids { book.bids.set(price: level.price, quantity: level.quantity) }
    for level in asks { book.asks.set(price: level.price, quantity: level.quantity) }
    recordedBody = body
  }

  /// Applies messages that were sent before the recording's point of the snapshot. A reader has them already and will
  /// put them on the recorded body itself, so that stays what is served.
  package mutating func catchUp(_ messages: [[UInt8]]) -> Bool {
    let body = recordedBody
    defer { recordedBody = body }
    return messages.allSatisfy { apply($0) }
  }

  /// Applies a `depthUpdate` message; false when it could not be read. Messages older than the book change nothing.
  package mutating func apply(_ payload: [UInt8]) -> Bool {
    guard let last = DepthText.number(after: "\"u\":", in: payload[...]) else { return false }
    guard last > book.lastUpdateID else { return true }
    guard let bids = DepthText.levels(after: "\"b\":", in: payload[...], format: format),
      let asks = DepthText.levels(after: "\"a\":", in: payload[...], format: format)
    else { return false }
    for level in bids { book.bids.set(price: level.price, quantity: level.quantity) }
    for level in asks { book.asks.set(price: level.price, quantity: level.quantity) }
    book.lastUpdateID = last
    recordedBody = nil
    return true
  }
}
