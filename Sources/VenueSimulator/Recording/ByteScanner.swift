/// Looks for fixed texts in received or recorded bytes. Every access is bounds-checked.
package struct ByteScanner {
  package let bytes: ArraySlice<UInt8>
  package var position: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  package var isAtEnd: Bool { position >= bytes.endIndex }
  package var rest: ArraySlice<UInt8> { bytes[min(position, bytes.endIndex)...] }

  /// Moves past `text` if it stands here.
  package mutating func skip(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard bytes.endIndex - position >= length else { return false }
    let matches = text.withUTF8Buffer { wanted in
      var index = 0
      while index < length {
        if bytes[position + index] != wanted[index] { return false }
        index += 1
      }
      return true
    }
    if matches { position += length }
    return matches
  }

  /// Moves past the next `text`, or stays where it is.
  package mutating func find(_ text: StaticString) -> Bool {
    let start = position
    let length = text.utf8CodeUnitCount
    while bytes.endIndex - position >= length {
      if skip(text) { return true }
      position += 1
    }
    position = start
    return false
  }

  /// Takes what stands before the next `stop` and moves past it.
  package mutating func take(until stop: UInt8) -> ArraySlice<UInt8>? {
    guard position <= bytes.endIndex, let end = bytes[position...].firstIndex(of: stop) else { return nil }
    defer { position = end + 1 }
    return bytes[position..<end]
  }

  /// Takes an unsigned whole number; nil when there is none or it does not fit.
  package mutating func number() -> Int? {
    var value = 0
    let start = position
    while position < bytes.endIndex, bytes[position] >= 0x30, bytes[position] <= 0x39 {
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = scaled.addingReportingOverflow(Int(bytes[position] - 0x30))
      guard !overflow, !carry else { return nil }
      value = sum
      position += 1
    }
    return position > start ? value : nil
  }
}
