import MarketData

extension Traffic {
  /// A stream of USD-M traffic with the mix of a busy day, for machines without recordings: 70 % best quotes, 23 % trades,
  /// 7 % book changes of 67 levels on average. Chains of ids are whole, and some quotes state the book's own best prices.
  static func generated(messages: Int) -> Traffic {
    var market = GeneratedMarket()
    var traffic = Traffic(
      name: "generated, \(messages) messages", market: .perpetual,
      instruments: [
        Instrument(exchange: "binance", market: .perpetual, symbol: "BTC-USDT", venueSymbol: "BTCUSDT")
      ])
    var writer = ByteWriter(capacity: 1 << 20)
    market.writeSnapshot(&writer)
    traffic.append(writer.bytes, 1_723_075_200_000_000_000, snapshotOf: 0)
    for message in 0..<messages {
      writer.removeAll()
      switch market.random(100) {
      case 0..<7: market.writeDepth(&writer)
      case 7..<30: market.writeTrade(&writer)
      default: market.writeQuote(&writer)
      }
      traffic.append(writer.bytes, 1_723_075_200_000_000_000 + Int64(message) * 1_000_000)
    }
    return traffic
  }
}

/// A book of ticks of 0.10 around a price that wanders, and the messages an exchange would send about it.
private struct GeneratedMarket {
  /// Quantities in thousandths at each tick; bids below `middle`, asks from it on.
  private var quantities = [Int](repeating: 0, count: 1_200_000)
  private var middle = 600_000
  /// Id of the last book change, and of the last message of any kind that has one.
  private var updateID: Int64 = 1_000_000
  private var lastID: Int64 = 1_000_000
  private var tradeID: Int64 = 5_000_000
  private var timeMS: Int64 = 1_723_075_200_000
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  init() {
    for tick in (middle - 5000)..<(middle + 5000) { quantities[tick] = 1 + random(20_000) }
  }

  /// A number from 0 to `bound` - 1 (xorshift, the same in every run).
  mutating func random(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % bound
  }

  mutating func writeSnapshot(_ writer: inout ByteWriter) {
    writer.append("{\"lastUpdateId\":")
    writer.append(integer: updateID)
    writer.append(",\"bids\":")
    writeLevels((middle - 5000)..<middle, &writer)
    writer.append(",\"asks\":")
    writeLevels(middle..<(middle + 5000), &writer)
    writer.append("}")
  }

  mutating func writeDepth(_ writer: inout ByteWriter) {
    let previous = updateID
    let first = lastID + 1 + Int64(random(200))
    updateID = first + Int64(random(2000))
    lastID = updateID
    let old = middle
    middle = min(max(middle + random(5) - 2, 400_000), 800_000)
    // What the price moved over is gone from the side it was on; the new best of each side always stands.
    var changed = Set(min(old, middle)..<max(old, middle))
    for tick in changed { quantities[tick] = 0 }
    let removed = changed
    let wanted = random(134)
    for _ in 0..<wanted {
      let distance = 1 + random(1 + random(3000))
      let tick = random(2) == 0 ? middle - 1 - distance : middle + distance
      quantities[tick] = random(4) == 0 ? 0 : 1 + random(20_000)
      changed.insert(tick)
    }
    for tick in [middle - 1, middle] {
      quantities[tick] = 1 + random(20_000)
      changed.insert(tick)
    }
    let sorted = changed.sorted()
    head("depth@0ms", "depthUpdate", &writer)
    writer.append(",\"U\":")
    writer.append(integer: first)
    writer.append(",\"u\":")
    writer.append(integer: updateID)
    writer.append(",\"pu\":")
    writer.append(integer: previous)
    writer.append(",\"b\":")
    writeLevels(sorted.filter { $0 < middle || (removed.contains($0) && $0 < old) }, bids: true, &writer)
    writer.append(",\"a\":")
    writeLevels(sorted.filter { $0 >= middle || (removed.contains($0) && $0 >= old) }, bids: false, &writer)
    writer.append("}}")
  }

  mutating func writeTrade(_ writer: inout ByteWriter) {
    tradeID += 1
    head("trade", "trade", &writer)
    writer.append(",\"t\":")
    writer.append(integer: tradeID)
    writer.append(",\"p\":")
    writePrice(middle, &writer)
    writer.append(",\"q\":")
    writeQuantity(1 + random(5000), &writer)
    writer.append(",\"X\":\"MARKET\",\"m\":")
    writer.append(random(2) == 0 ? "true" : "false")
    writer.append("}}")
  }

  mutating func writeQuote(_ writer: inout ByteWriter) {
    writer.append("{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"e\":\"bookTicker\",\"u\":")
    // Now and then the state of the book right behind a change, which makes it a checkpoint; mostly a later one.
    if lastID > updateID || random(10) > 0 { lastID += 1 + Int64(random(40)) }
    writer.append(integer: lastID)
    writer.append(",\"s\":\"BTCUSDT\",\"b\":")
    writePrice(middle - 1, &writer)
    writer.append(",\"B\":")
    writeQuantity(quantities[middle - 1], &writer)
    writer.append(",\"a\":")
    writePrice(middle, &writer)
    writer.append(",\"A\":")
    writeQuantity(quantities[middle], &writer)
    writer.append(",\"T\":")
    writer.append(integer: timeMS)
    writer.append(",\"E\":")
    writer.append(integer: timeMS + 3)
    writer.append("}}")
  }

  private mutating func head(_ stream: StaticString, _ event: StaticString, _ writer: inout ByteWriter) {
    timeMS += 20
    writer.append("{\"stream\":\"btcusdt@")
    writer.append(stream)
    writer.append("\",\"data\":{\"e\":\"")
    writer.append(event)
    writer.append("\",\"E\":")
    writer.append(integer: timeMS + 3)
    writer.append(",\"T\":")
    writer.append(integer: timeMS)
    writer.append(",\"s\":\"BTCUSDT\"")
  }

  private func writeLevels(_ ticks: Range<Int>, _ writer: inout ByteWriter) {
    writeLevels(Array(ticks), bids: ticks.upperBound <= middle, &writer)
  }

  /// A tick that the price has moved over has its quantity on the other side now: here it is removed.
  private func writeLevels(_ ticks: [Int], bids: Bool, _ writer: inout ByteWriter) {
    writer.append("[")
    for (place, tick) in ticks.enumerated() {
      writer.append(place == 0 ? "[" : ",[")
      writePrice(tick, &writer)
      writer.append(",")
      writeQuantity((tick < middle) == bids ? quantities[tick] : 0, &writer)
      writer.append("]")
    }
    writer.append("]")
  }

  private func writePrice(_ tick: Int, _ writer: inout ByteWriter) {
    writer.append(quoted: FixedDecimal(mantissa: Int64(tick) * 10, scale: 2))
  }

  private func writeQuantity(_ thousandths: Int, _ writer: inout ByteWriter) {
    writer.append(quoted: FixedDecimal(mantissa: Int64(thousandths), scale: 3))
  }
}
