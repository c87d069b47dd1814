import TestSupport

/// Damages frames the way bad lines, bad software and bad people do.
struct Mutator {
  var random: Seeded

  private static let bytes =
    Array("\"\"{}[]:,,\\-+.0019eEtfn usbaBApqTX\n".utf8) + [0, 1, 0x1F, 0x7F, 0x80, 0xC3, 0xFF]
  private static let numbers = [
    "0", "-0", "-1", "0.-10000", "1e5", "1E-400", ".", "-", "00000000000000000000001", "0.00000000",
    "1.000000000000000000000000000000", "999999999999999999", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551616", "1234567890123456789012345678901234567890", "0.000000000000000001",
    "0.0000000000000000001", "NaN", "Infinity", "null", "", " 1", "1.", ".5", "1.2.3", "0x1F", "100000000000000",
  ].map { Array($0.utf8) }

  /// Leaves a damaged copy of `frame` in `result`.
  ///
  /// - Parameter other: another frame, to splice with.
  mutating func mutate(_ frame: [UInt8], with other: [UInt8], into result: inout [UInt8]) {
    result.removeAll(keepingCapacity: true)
    result.append(contentsOf: frame)
    repeat { change(&result, other) } while random.below(4) == 0
  }

  private mutating func change(_ frame: inout [UInt8], _ other: [UInt8]) {
    let place = random.below(frame.count)
    switch random.below(9) {
    case 0: if !frame.isEmpty { frame[place] ^= 1 << UInt8(random.below(8)) }
    case 1: if !frame.isEmpty { frame[place] = Self.bytes[random.below(Self.bytes.count)] }
    case 2: frame.removeSubrange(place..<min(frame.count, place + 1 + random.below(8)))
    case 3: for _ in 0...random.below(4) { frame.insert(Self.bytes[random.below(Self.bytes.count)], at: place) }
    case 4: frame.replaceSubrange(place..., with: other[random.below(other.count)...])
    case 5: frame.removeSubrange(place...)
    case 6, 7: tweakNumber(&frame, near: place)
    default: frame.insert(contentsOf: Array(frame[place..<min(frame.count, place + random.below(40))]), at: place)
    }
  }

  /// Replaces the first run of digits behind `place` by a number nobody expects, or by one close to it.
  private mutating func tweakNumber(_ frame: inout [UInt8], near place: Int) {
    func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
    guard let first = frame[place...].firstIndex(where: isDigit) else { return }
    let end = frame[first...].firstIndex { !isDigit($0) } ?? frame.count
    if random.below(2) == 0 {
      frame[first + random.below(end - first)] = UInt8(0x30 + random.below(10))
    } else {
      frame.replaceSubrange(first..<end, with: Self.numbers[random.below(Self.numbers.count)])
    }
  }
}
