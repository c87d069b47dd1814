import MarketData

/// Events counted by kind of data; a plain value without allocation.
struct Tally: Sendable {
  /// Room for the kinds of data, and for messages that are no market data.
  private static let width = 16

  private var counts = InlineArray<16, Int>(repeating: 0)
  private(set) var total = 0
  /// Payload bytes.
  private(set) var bytes = 0

  init() {}

  /// All events of a batch from an index on.
  init(_ events: borrowing EncodedEvents, from start: Int = 0) {
    for index in start..<max(start, events.count) {
      let record = events.records[index]
      add(row: DataTypeRow.of(record.type), bytes: record.payloadLength)
    }
  }

  var isEmpty: Bool { total == 0 }

  subscript(row: Int) -> Int { counts[row] }

  mutating func add(row: Int, bytes: Int) {
    counts[row] += 1
    total += 1
    self.bytes += bytes
  }

  static func - (left: Tally, right: Tally) -> Tally {
    var difference = left
    for row in 0..<width { difference.counts[row] -= right.counts[row] }
    difference.total -= right.total
    difference.bytes -= right.bytes
    return difference
  }
}

/// The row of a kind of data, found without hashing its name: this runs once an event.
enum DataTypeRow {
  private static let table: InlineArray<256, UInt8> = {
    var rows = InlineArray<256, UInt8>(repeating: UInt8(DeliveryCounters.otherRow))
    for (row, type) in DataType.allCases.enumerated() { rows[Int(tag(of: type))] = UInt8(row) }
    return rows
  }()

  private static func tag(of type: DataType) -> UInt8 { withUnsafeBytes(of: type) { $0.first ?? 0 } }

  static func of(_ type: DataType) -> Int { Int(table[Int(tag(of: type))]) }
}
