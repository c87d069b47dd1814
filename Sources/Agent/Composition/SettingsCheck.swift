import MarketData
import Settings
import Venues

/// Reads a configuration as the agent would: the file's own rules, and those that only the venues and the encoder know.
public enum SettingsCheck {
  /// What this build can collect, from the registry of venues.
  public static let supported = SupportedVenues(
    VenueRegistry.venues.flatMap { venue in
      venue.markets.map { row in
        (exchange: venue.name, marketType: row.market.rawValue, dataTypes: row.dataTypes.map(\.rawValue))
      }
    })

  /// Reads `file` with its drop-ins, and a fragment over them.
  ///
  /// - Parameters: as of ``SettingsLoader/load(file:supported:environment:fragment:dropIns:asService:)``
  /// - Returns: valid settings, or all errors in file order.
  public static func load(
    file: String, environment: [String: String], fragment: SettingsFragment? = nil, dropIns: String? = nil,
    asService: Bool = true
  ) -> Result<LoadedSettings, SettingsErrors> {
    let read = SettingsLoader.load(
      file: file, supported: supported, environment: environment, fragment: fragment, dropIns: dropIns,
      asService: asService)
    return read.flatMap { loaded in
      let errors = domainErrors(in: loaded)
      return errors.isEmpty ? .success(loaded) : .failure(SettingsErrors(errors: errors, files: loaded.files))
    }
  }

  /// Reads the settings that were kept in a state directory: that file alone, without drop-ins and environment, which
  /// are in it already.
  ///
  /// - Returns: valid settings, or why there are none.
  public static func loadLastGood(in directory: String) -> Result<LoadedSettings, SettingsErrors> {
    let path = "\(directory)/\(LastGoodFile.name)"
    let text: String
    do throws(LastGoodFile.Failure) {
      text = try LastGoodFile.text(in: directory)
    } catch {
      let error = SettingsError(file: path, line: 0, column: 0, keyPath: "", message: error.description)
      return .failure(SettingsErrors(errors: [error]))
    }
    return SettingsLoader.load(text: text, name: path, supported: supported).flatMap { loaded in
      let errors = domainErrors(in: loaded)
      return errors.isEmpty ? .success(loaded) : .failure(SettingsErrors(errors: errors, files: loaded.files))
    }
  }

  private static func domainErrors(in loaded: LoadedSettings) -> [SettingsError] {
    var errors: [SettingsError] = []
    func report(_ keyPath: String, or parent: String, _ message: String) {
      let place = loaded.position(of: keyPath) ?? loaded.position(of: parent)
      errors.append(
        SettingsError(
          file: place?.file ?? loaded.files.first ?? "", line: place?.line ?? 0, column: place?.column ?? 0,
          keyPath: keyPath, message: message))
    }
    if SubjectTemplate(loaded.settings.nats.subject) == nil {
      report(
        "nats.subject", or: "nats",
        "must be current, legacy or a template with {type} and {symbol} and without blanks and wildcards")
    }
    for (index, entry) in loaded.settings.exchanges.enumerated() where entry.enabled {
      guard let venue = VenueRegistry.venue(named: entry.exchange), let market = MarketType(rawValue: entry.marketType)
      else { continue }
      var seen: [Instrument: Int] = [:]
      let shown = { (place: Int) in
        let isSecret = loaded.isSecret("exchanges[\(index)].symbols[\(place)]")
        return isSecret || !entry.symbols.indices.contains(place) ? "a secret" : "\"\(entry.symbols[place])\""
      }
      for (place, symbol) in entry.symbols.enumerated() {
        let keyPath = "exchanges[\(index)].symbols[\(place)]"
        let parent = "exchanges[\(index)].symbols"
        guard let instrument = venue.instrument(symbol, market: market) else {
          report(
            keyPath, or: parent, "\(shown(place)) is no symbol of \(venue.name) that this version knows how to read")
          continue
        }
        if let other = seen[instrument] {
          report(keyPath, or: parent, "\(shown(place)) is the same instrument as \(shown(other))")
        }
        seen[instrument] = place
      }
    }
    return errors
  }
}
