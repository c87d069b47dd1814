import MarketData

extension BinanceFrameDecoder {
  /// `{"lastUpdateId":1,"E":…,"T":…,"bids":[["price","quantity"],…],"asks":[…]}`, of `/api/v3/depth` and
  /// `/fapi/v1/depth`; only the latter has times.
  func snapshot(
    _ body: UnsafeRawBufferPointer, levels: inout LevelBuffer
  ) throws(DecodeFailure) -> DepthHeader {
    levels.removeAll()
    guard let base = body.baseAddress else { throw DecodeFailure(.malformedJSON, field: "snapshot") }
    let start = base.assumingMemoryBound(to: UInt8.self)
    var scanner = JSONScanner(start, end: start + body.count)
    try scanner.expect(UInt8(ascii: "{"), "snapshot")
    var id: Int64?
    var time: Int64?
    var bids: Range<Int>?
    var asks: Range<Int>?
    repeat {
      let name = try scanner.string("snapshot")
      try scanner.expect(UInt8(ascii: ":"), "snapshot")
      switch String(decoding: name, as: UTF8.self) {
      case "lastUpdateId": id = try scanner.integer("lastUpdateId")
      case "T": time = try scanner.integer("T")
      case "bids": bids = try scanner.levels("bids", into: &levels)
      case "asks": asks = try scanner.levels("asks", into: &levels)
      default: try scanner.skipValue("snapshot")
      }
    } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "}"), "snapshot")
    guard scanner.isAtEnd() else { throw DecodeFailure(.malformedJSON, field: "snapshot") }
    guard let id else { throw DecodeFailure(.missingField, field: "lastUpdateId") }
    guard id >= 0 else { throw DecodeFailure(.numberOutOfRange, field: "lastUpdateId") }
    guard let bids else { throw DecodeFailure(.missingField, field: "bids") }
    guard let asks else { throw DecodeFailure(.missingField, field: "asks") }
    return DepthHeader(
      firstUpdateID: id, lastUpdateID: id, previousUpdateID: nil, eventTimeMS: time, bids: bids, asks: asks)
  }
}
