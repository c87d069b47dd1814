import MarketData
import Venues

/// The events of a whole stream with their levels, to measure what comes behind the decoder by itself.
final class DecodedTraffic {
  /// An event and the place of its instrument; depth events point into the common buffer.
  struct Event {
    var instrument: Int
    var event: MarketEvent
  }

  private(set) var events: [Event] = []
  private var buffer = LevelBuffer(capacity: 1 << 16)

  init(_ traffic: Traffic) {
    let decoder = traffic.decoder()
    var batch = EventBatch()
    traffic.bytes.withUnsafeBytes { bytes in
      for item in traffic.items {
        let content = UnsafeRawBufferPointer(rebasing: bytes[item.offset..<(item.offset + item.length)])
        if let place = item.snapshotOf {
          guard let header = try? decoder.decodeSnapshot(content, levels: &batch.levels) else { continue }
          keep(Event(instrument: place, event: .depth(header)), batch.levels)
        } else {
          guard (try? decoder.decode(content, into: &batch)) != nil else { continue }
          for entry in batch.entries { keep(Event(instrument: entry.instrument, event: entry.event), batch.levels) }
        }
      }
    }
  }

  var allLevels: UnsafeBufferPointer<BookLevel> { buffer.levels }

  func levels(_ range: Range<Int>) -> UnsafeBufferPointer<BookLevel> { buffer[range] }

  func encode(_ entry: Event, with encoder: EventEncoder, into output: inout EncodedEvents) {
    let context = EventEncoder.Context(receivedMS: 1_723_075_200_123, publishedMS: 1_723_075_200_124)
    switch entry.event {
    case .trade(let trade): encoder.encode(trade, context, into: &output)
    case .quote(let quote): encoder.encode(quote, context, into: &output)
    case .depth(let delta):
      encoder.encode(delta: delta, bids: buffer[delta.bids], asks: buffer[delta.asks], context, into: &output)
    }
  }

  /// Levels move to the common buffer; the event points at their new place.
  private func keep(_ entry: Event, _ levels: borrowing LevelBuffer) {
    var entry = entry
    if case .depth(var delta) = entry.event {
      let bids = buffer.count
      buffer.append(contentsOf: levels[delta.bids])
      let asks = buffer.count
      buffer.append(contentsOf: levels[delta.asks])
      delta.bids = bids..<asks
      delta.asks = asks..<buffer.count
      entry.event = .depth(delta)
    }
    events.append(entry)
  }
}
