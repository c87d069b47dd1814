import Settings

/// Rules of reading a configuration, for any bytes.
enum SettingsTarget {
  private static let supported = SupportedVenues([
    ("binance", "spot", ["trade", "orderbook", "ticker"]), ("binance", "perpetual", ["trade", "orderbook", "ticker"]),
  ])

  static func feed(_ input: [UInt8]) throws(FuzzFailure) {
    let text = String(decoding: input, as: UTF8.self)
    switch SettingsLoader.load(text: text, name: "fuzz.yaml", supported: supported) {
    case .success: break
    case .failure(let errors):
      try require(!errors.errors.isEmpty, "refused without an error")
      for error in errors.errors {
        let line = "\(error)"
        try require(!line.isEmpty && !line.contains("\n"), "an error of several lines: \(line.debugDescription)")
      }
    }
  }
}
