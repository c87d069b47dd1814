/// Turns a terminal's bytes into keys, in whatever pieces they come (ECMA-48 sequences, as xterm sends them).
package struct KeyDecoder {
  /// A sequence longer than this is thrown away.
  private static let sequenceLimit = 32

  private var pending: [UInt8] = []

  /// Makes a decoder.
  package init() {}

  /// Whether something has begun that more bytes may belong to.
  package var isWaiting: Bool { !pending.isEmpty }

  /// Takes the next bytes.
  package mutating func feed(_ bytes: [UInt8]) -> [Key] {
    var keys: [Key] = []
    for byte in bytes {
      pending.append(byte)
      if let key = take() { keys.append(key) }
    }
    return keys
  }

  /// No more bytes came for a while: an escape that stands alone is the key.
  package mutating func flush() -> Key? {
    defer { pending = [] }
    return pending.first == 0x1B ? .escape : nil
  }

  /// The key that what is pending makes; nil while it is not whole.
  private mutating func take() -> Key? {
    guard let first = pending.first else { return nil }
    if first == 0x1B { return takeSequence() }
    if first < 0x80 {
      pending = []
      return Self.key(of: first)
    }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard pending.count >= length else { return nil }
    defer { pending = [] }
    guard let text = String(validating: pending, as: UTF8.self), let character = text.first else { return .other }
    return .text(character)
  }

  private mutating func takeSequence() -> Key? {
    guard pending.count > 1 else { return nil }
    let second = pending[1]
    if second == UInt8(ascii: "[") || second == UInt8(ascii: "O") {
      guard pending.count > 2, let last = pending.last else { return nil }
      guard (0x40...0x7E).contains(last) else {
        if pending.count > Self.sequenceLimit { pending = [] }
        return nil
      }
      defer { pending = [] }
      let parameters = String(decoding: pending[2..<(pending.count - 1)], as: UTF8.self)
      return Self.key(final: last, parameters: parameters)
    }
    pending = []
    switch second {
    case UInt8(ascii: "b"): return .wordLeft
    case UInt8(ascii: "f"): return .wordRight
    default: return .other
    }
  }

  private static func key(of byte: UInt8) -> Key {
    switch byte {
    case 0x0D, 0x0A: .enter
    case 0x09: .tab
    case 0x7F, 0x08: .backspace
    case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
    case 0x20...0x7E: .text(Character(Unicode.Scalar(byte)))
    default: .other
    }
  }

  private static func key(final: UInt8, parameters: String) -> Key {
    // The modifier is the second parameter; 5 is Ctrl, 3 is Alt.
    let isWord = parameters.hasSuffix(";5") || parameters.hasSuffix(";3")
    switch final {
    case UInt8(ascii: "A"): return .up
    case UInt8(ascii: "B"): return .down
    case UInt8(ascii: "C"): return isWord ? .wordRight : .right
    case UInt8(ascii: "D"): return isWord ? .wordLeft : .left
    case UInt8(ascii: "H"): return .home
    case UInt8(ascii: "F"): return .end
    case UInt8(ascii: "~"):
      switch parameters {
      case "1", "7": return .home
      case "4", "8": return .end
      case "3": return .delete
      default: return .other
      }
    default: return .other
    }
  }
}
