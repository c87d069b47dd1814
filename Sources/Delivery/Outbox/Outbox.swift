import MarketData

/// Events on their way from the event loops to the delivery thread: one of two buffers, the other is with the thread.
///
/// The bound counts the bytes in both, so that it is the bound on memory: what the thread has taken still occupies its
/// place until the thread comes back for more. A batch that does not fit is refused whole.
package struct Outbox: ~Copyable {
  /// The index entry of an event counts too.
  private static let bytesPerRecord = MemoryLayout<EncodedEvents.Record>.stride
  /// A buffer that has grown beyond this is given back to the system instead of being used again.
  private static let keptBytes = 8 << 20

  /// What both buffers may hold, in bytes.
  package let capacity: Int
  private var incoming = EncodedEvents()
  private var takenBytes = 0

  package init(capacity: Int) { self.capacity = max(0, capacity) }

  /// Bytes that wait to be taken.
  package var pendingBytes: Int { Self.size(of: incoming) }
  /// Events that wait to be taken.
  package var pendingCount: Int { incoming.count }
  /// Whether nothing waits.
  package var isEmpty: Bool { incoming.count == 0 }

  /// Whether it is time to empty it whatever else is going on.
  package var isHalfFull: Bool { pendingBytes > capacity / 2 }

  /// Copies a batch behind the others.
  ///
  /// - Returns: whether it was accepted; a refused batch leaves no trace.
  package mutating func append(_ batch: borrowing EncodedEvents) -> Bool {
    guard Self.size(of: batch) <= capacity - takenBytes - pendingBytes else { return false }
    incoming.append(contentsOf: batch)
    return true
  }

  /// Swaps what waits with an emptied buffer; what was in `buffer` counts as done with.
  package mutating func take(into buffer: inout EncodedEvents) {
    if Self.size(of: buffer) > Self.keptBytes {
      buffer = EncodedEvents()
    } else {
      buffer.removeAll()
    }
    swap(&incoming, &buffer)
    takenBytes = Self.size(of: buffer)
  }

  private static func size(of events: borrowing EncodedEvents) -> Int {
    events.byteCount + events.count * bytesPerRecord
  }
}
