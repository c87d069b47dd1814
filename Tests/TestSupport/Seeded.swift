/// A small generator with a seed, so that a failing case can be run again.
package struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  package init(_ seed: UInt64) { state = seed }

  /// SplitMix64.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 to `bound` - 1; 0 where there is none.
  package mutating func below(_ bound: Int) -> Int {
    bound > 1 ? Int(truncatingIfNeeded: next() >> 1) % bound : 0
  }

  /// `count` decimal digits.
  package mutating func digits(_ count: Int) -> String {
    String(decoding: (0..<max(0, count)).map { _ in UInt8(0x30 + below(10)) }, as: UTF8.self)
  }
}
