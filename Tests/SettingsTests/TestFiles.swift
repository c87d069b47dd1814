import Glibc
import Settings
import Testing

/// Files of the repository, found from this file.
enum TestFiles {
  static let directory = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex))
  static let shipped = "\(directory)/../../etc/marketprism/collector.yaml"

  /// What the first version can collect.
  static let supported = SupportedVenues([
    (exchange: "binance", marketType: "spot", dataTypes: ["trade", "orderbook", "ticker"]),
    (exchange: "binance", marketType: "perpetual", dataTypes: ["trade", "orderbook", "ticker"]),
  ])

  /// Names, without their extension, of the configurations in a golden folder.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir("\(directory)/\(folder)") else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasSuffix(".yaml") { names.append(String(name.dropLast(5))) }
    }
    return names.sorted()
  }

  static func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"), "cannot open \(path)")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return bytes
  }

  static func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"), "cannot open \(path)")
    fputs(text, file)
    fclose(file)
  }

  /// Compares with the text beside a golden configuration. With RECORD_GOLDEN=1 in the environment it is written
  /// instead, to be read and committed.
  static func expect(_ actual: String, golden path: String) throws {
    let tidy = actual.replacing("\(directory)/", with: "")
    if getenv("RECORD_GOLDEN") != nil { try write(tidy, to: path) }
    let expected = String(decoding: try read(path), as: UTF8.self)
    #expect(tidy == expected, "\(path)")
  }
}

/// Settings from a text that must be valid.
func loadText(_ text: String, environment: [String: String] = [:]) throws -> LoadedSettings {
  try SettingsLoader.load(text: text, name: "t.yaml", supported: TestFiles.supported, environment: environment).get()
}

/// The lines of everything that is wrong with a text.
func errors(_ text: String, environment: [String: String] = [:]) -> [String] {
  let result = SettingsLoader.load(
    text: text, name: "t.yaml", supported: TestFiles.supported, environment: environment)
  guard case .failure(let failure) = result else { return [] }
  return failure.errors.map(\.description)
}

/// The least that is valid.
let oneExchange = "exchanges: [{exchange: binance, market_type: spot, symbols: [BTCUSDT]}]\n"
