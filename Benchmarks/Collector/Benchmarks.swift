import CMallocCount
import MarketData
import Venues

/// The benchmarks over one stream of traffic.
struct Benchmarks {
  let traffic: Traffic
  let rounds: Int

  /// All rows in the order they are printed, or the one of the name given.
  func rows(only name: String?) -> [Row] {
    let decoded = DecodedTraffic(traffic)
    return traffic.bytes.withUnsafeBytes { bytes in
      let table: [(name: String, measure: (String) -> Row)] = [
        ("decode + book", { pipeline($0, bytes, encoding: false) }),
        ("decode + book + encode", { pipeline($0, bytes, encoding: true) }),
        ("decode alone", { decodeAlone($0, bytes) }),
        ("book alone", { bookAlone($0, decoded) }),
        ("encode alone", { encodeAlone($0, decoded) }),
        // The whole daemon, with its sockets and a nats-server, is measured from outside by Benchmarks/daemon.sh.
      ]
      return table.filter { name == nil || $0.name == name }.map { $0.measure($0.name) }
    }
  }

  /// Allocations of a second pass over the same traffic through a pipeline that has seen it all once.
  func steadyStateAllocations(encoding: Bool) -> (allocations: Int, messages: Int) {
    let pipeline = traffic.pipeline(encoding: encoding)
    traffic.run(pipeline)
    pipeline.connectionLost()
    let before = malloc_count()
    traffic.run(pipeline)
    return (Int(malloc_count() - before), traffic.frameCount)
  }

  private func pipeline(_ name: String, _ bytes: UnsafeRawBufferPointer, encoding: Bool) -> Row {
    Measurement.row(name, rounds: rounds, bytes: bytes) {
      traffic.pipeline(encoding: encoding)
    } pass: { pipeline in
      traffic.run(pipeline)
      let levels = pipeline.allBooks.reduce(0) { $0 + $1.book.statistics.levels }
      return [.init(count: traffic.frameCount, unit: "messages"), .init(count: levels, unit: "levels")]
    }
  }

  private func decodeAlone(_ name: String, _ bytes: UnsafeRawBufferPointer) -> Row {
    Measurement.row(name, rounds: rounds, bytes: bytes) {
      traffic.decoder()
    } pass: { decoder in
      var batch = EventBatch()
      var levels = 0
      for item in traffic.items where item.snapshotOf == nil {
        let frame = UnsafeRawBufferPointer(rebasing: bytes[item.offset..<(item.offset + item.length)])
        _ = try? decoder.decode(frame, into: &batch)
        levels += batch.levels.count
      }
      return [.init(count: traffic.frameCount, unit: "messages"), .init(count: levels, unit: "levels")]
    }
  }

  /// The changes of all books, in the order they came, into plain books without sequence checks.
  private func bookAlone(_ name: String, _ decoded: DecodedTraffic) -> Row {
    Measurement.row(name, rounds: rounds, bytes: UnsafeRawBufferPointer(decoded.allLevels)) {
      traffic.instruments.map { _ in OrderBook() }
    } pass: { books in
      for entry in decoded.events {
        guard case .depth(let delta) = entry.event else { continue }
        _ = books[entry.instrument].apply(
          bids: decoded.levels(delta.bids), asks: decoded.levels(delta.asks), updateID: delta.lastUpdateID)
      }
      return [.init(count: decoded.allLevels.count, unit: "levels")]
    }
  }

  private func encodeAlone(_ name: String, _ decoded: DecodedTraffic) -> Row {
    let encoders = traffic.instruments.map {
      EventEncoder(instrument: $0, subject: .current, collector: "bench")
    }
    var written = 0
    var output = EncodedEvents()
    func encodeAll() {
      written = 0
      for (index, entry) in decoded.events.enumerated() {
        decoded.encode(entry, with: encoders[entry.instrument], into: &output)
        if index & 63 == 63 {
          written += output.byteCount
          output.removeAll()
        }
      }
      written += output.byteCount
      output.removeAll()
    }
    encodeAll()
    return [UInt8](repeating: 0x61, count: written).withUnsafeBytes { sameSize in
      Measurement.row(name, rounds: rounds, bytes: sameSize) {
      } pass: { _ in
        encodeAll()
        return [.init(count: decoded.events.count, unit: "events"), .init(count: written, unit: "bytes")]
      }
    }
  }
}
