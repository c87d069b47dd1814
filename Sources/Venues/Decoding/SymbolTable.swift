/// From an exchange's spelling of a symbol, as bytes in a frame, to a small integer; open addressing, no string is made.
struct SymbolTable {
  private var names: [[UInt8]] = []
  /// Place in `names` plus one; 0 is free. Its size is a power of two, at least twice the number of names.
  private var slots: [Int32] = Array(repeating: 0, count: 16)

  init(_ symbols: [String] = []) {
    for symbol in symbols { insert(Array(symbol.utf8)) }
  }

  var count: Int { names.count }

  /// Adds a symbol that is not there yet.
  ///
  /// - Returns: its number.
  @discardableResult
  mutating func insert(_ name: [UInt8]) -> Int {
    names.append(name)
    if names.count * 2 > slots.count {
      slots = Array(repeating: 0, count: slots.count * 2)
      for index in names.indices { place(index) }
    } else {
      place(names.count - 1)
    }
    return names.count - 1
  }

  private mutating func place(_ index: Int) {
    let hash = names[index].withUnsafeBufferPointer { Self.hash($0) }
    var slot = hash & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(truncatingIfNeeded: index + 1)
  }

  /// The number of `name`, nil when it was never inserted.
  func index(of name: UnsafeBufferPointer<UInt8>) -> Int? {
    var slot = Self.hash(name) & (slots.count - 1)
    while true {
      let entry = Int(slots[slot])
      if entry == 0 { return nil }
      if matches(entry - 1, name) { return entry - 1 }
      slot = (slot + 1) & (slots.count - 1)
    }
  }

  @inline(__always)
  private func matches(_ index: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    names[index].withUnsafeBufferPointer { known in
      guard known.count == name.count else { return false }
      for place in 0..<known.count where known[place] != name[place] { return false }
      return true
    }
  }

  /// FNV-1a; symbols are short.
  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: value ^ (value >> 32)) & Int.max
  }
}
