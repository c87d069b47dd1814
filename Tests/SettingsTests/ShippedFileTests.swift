import Settings
import Testing

@Suite("The shipped configuration")
struct ShippedFileTests {
  @Test("it loads without a warning and is the defaults with two Binance markets")
  func defaults() throws {
    let loaded = try SettingsLoader.load(file: TestFiles.shipped, supported: TestFiles.supported).get()
    #expect(loaded.warnings.isEmpty)
    let expected = CollectorSettings(exchanges: [
      .init(exchange: "binance", marketType: "spot", symbols: ["BTCUSDT", "ETHUSDT"]),
      .init(exchange: "binance", marketType: "perpetual", symbols: ["BTCUSDT", "ETHUSDT"]),
    ])
    #expect(loaded.settings == expected)
    #expect(loaded.files == [TestFiles.shipped])
  }

  @Test("it names every key of the schema with its default")
  func complete() throws {
    let lines = String(decoding: try TestFiles.read(TestFiles.shipped), as: UTF8.self).split(separator: "\n")
    // Commented keys count: without its «#», a line has to be a key and a value.
    let pairs = lines.map { line in
      var text = line.drop { "# -".contains($0) }
      if let comment = text.firstRange(of: " #") { text = text[..<comment.lowerBound] }
      return String(text)
    }
    for entry in SettingsSchema.entries {
      let name = try #require(entry.pattern.split(separator: ".").last.map(String.init))
      if name == "*" { continue }
      let found = pairs.filter { $0.hasPrefix("\(name):") }
      #expect(!found.isEmpty, "\(entry.pattern) is not in the shipped file")
      // A name depends on the entry, and the same length can be written as 120s and 2m.
      guard let text = entry.defaultText, name != "name" else { continue }
      #expect(found.contains("\(name): \(text)"), "\(entry.pattern) does not stand there as \(text)")
    }
  }

  @Test("with the keys of later versions uncommented it is still the defaults, each key with a warning")
  func later() throws {
    let text = String(decoding: try TestFiles.read(TestFiles.shipped), as: UTF8.self)
    let names = Set(SettingsSchema.entries.flatMap { $0.pattern.split(separator: ".").map(String.init) })
      .union(["MARKET_DATA", "trade", "funding_rate"]).subtracting(["urls"])
    let uncommented = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      let indentation = line.prefix { $0 == " " }
      let rest = line.dropFirst(indentation.count)
      // Prose has colons too: only names of the schema count, and of `url` and `urls` only one may stand.
      guard rest.hasPrefix("# "), rest.contains(":") else { return String(line) }
      let body = rest.dropFirst(2)
      let isKey = names.contains(String(body.drop { $0 == " " }.prefix { $0 != ":" }))
      return isKey ? String(indentation + body) : String(line)
    }.joined(separator: "\n")
    let loaded = try loadText(uncommented)
    var settings = loaded.settings
    #expect(settings.nats.delivery == ["trade": .core, "funding_rate": .jetstream])
    #expect(settings.nats.streams == ["MARKET_DATA": .init()])
    settings.nats.delivery = [:]
    settings.nats.streams = [:]
    let shipped = try SettingsLoader.load(file: TestFiles.shipped, supported: TestFiles.supported).get()
    #expect(settings == shipped.settings)
    #expect(loaded.warnings.allSatisfy { $0.message == "accepted, but not used by this version" })
    let later = SettingsSchema.entries.filter { !$0.used && $0.defaultText != "~" && !$0.pattern.contains("*") }
    for entry in later {
      #expect(loaded.warnings.contains { $0.keyPath == entry.pattern }, "\(entry.pattern)")
    }
  }

  @Test("20,000 copies with random bytes changed, removed, doubled or moved never crash the loader")
  func mutations() throws {
    let original = try TestFiles.read(TestFiles.shipped)
    // Comments only slow the search down: keep the lines that mean something.
    let lines = original.split(separator: UInt8(ascii: "\n")).filter { line in
      line.first { $0 != UInt8(ascii: " ") } != UInt8(ascii: "#")
    }
    let seed = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    var random = SplitMix(state: 20_261_122)
    var accepted = 0
    for round in 0..<20_000 {
      // Every hundredth is the whole file, comments and all.
      var bytes = round % 100 == 0 ? original : seed
      for _ in 0...random.below(4) { mutate(&bytes, &random) }
      switch SettingsLoader.load(bytes: bytes, name: "m.yaml", TestFiles.supported) {
      case .success: accepted += 1
      case .failure(let failure):
        #expect(!failure.errors.isEmpty)
        #expect(failure.errors.allSatisfy { $0.line >= 0 && !$0.message.isEmpty })
      }
    }
    #expect(accepted > 0 && accepted < 20_000)
  }

  /// What means something to YAML.
  private let signs = Array(":-[]{}&*!|>'\"%@`,#? \n\t~$".utf8)

  private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    guard !bytes.isEmpty else { return }
    let at = random.below(bytes.count)
    let piece = Array(bytes[at..<min(bytes.count, at + 1 + random.below(40))])
    switch random.below(5) {
    case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
    case 1: bytes[at] = signs.randomElement(using: &random) ?? 0
    case 2: bytes.removeSubrange(at..<(at + piece.count))
    case 3: bytes.insert(contentsOf: piece, at: at)
    default: bytes.insert(contentsOf: piece, at: random.below(bytes.count))
    }
  }
}

/// A small generator with a seed, so that every run tries the same.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int {
    Int.random(in: 0..<max(1, bound), using: &self)
  }
}
