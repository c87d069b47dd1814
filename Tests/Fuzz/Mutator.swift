/// Makes inputs out of those of a corpus: the same ones for the same seed.
struct Mutator {
  private var random: Seeded
  private let corpus: [[UInt8]]
  private let dictionary: [[UInt8]]
  /// Longer inputs find little more and take long.
  private static let longest = 16_384

  init(seed: UInt64, corpus: [[UInt8]], dictionary: [String]) {
    random = Seeded(state: seed)
    self.corpus = corpus
    self.dictionary = dictionary.map { Array($0.utf8) }
  }

  mutating func next() -> [UInt8] {
    var input = corpus.randomElement(using: &random) ?? []
    for _ in 0...Int.random(in: 0..<8, using: &random) { change(&input) }
    return Array(input.prefix(Self.longest))
  }

  private mutating func change(_ input: inout [UInt8]) {
    let place = Int.random(in: 0...input.count, using: &random)
    let length = min(input.count - place, Int.random(in: 0...32, using: &random))
    switch Int.random(in: 0..<9, using: &random) {
    case 0 where place < input.count: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where place < input.count: input[place] = UInt8.random(in: 0...255, using: &random)
    case 2: input.insert(UInt8.random(in: 0...255, using: &random), at: place)
    case 3: input.removeSubrange(place..<(place + length))
    case 4: input.insert(contentsOf: input[place..<(place + length)], at: place)
    case 5: input.removeSubrange(place...)
    case 6:
      let other = corpus.randomElement(using: &random) ?? []
      let start = Int.random(in: 0...other.count, using: &random)
      input.replaceSubrange(place..., with: other[start...])
    case 7:
      let byte = UInt8.random(in: 0...255, using: &random)
      input.insert(contentsOf: repeatElement(byte, count: Int.random(in: 1...600, using: &random)), at: place)
    default: input.insert(contentsOf: dictionary.randomElement(using: &random) ?? [], at: place)
    }
  }
}

/// SplitMix64.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
