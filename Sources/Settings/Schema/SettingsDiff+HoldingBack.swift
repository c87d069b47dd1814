extension SettingsDiff {
  /// The new settings with some keys as they were: what is applied when the rest has to wait for a restart.
  ///
  /// - Parameters:
  ///   - keyPaths: keys of the file as a whole; those of entries of lists and maps cannot be held back.
  ///   - old: where their values come from.
  ///   - new: everything else.
  /// - Returns: nil when one of the keys cannot be held back.
  public static func holdingBack(
    _ keyPaths: [String], of old: CollectorSettings, in new: CollectorSettings
  ) -> CollectorSettings? {
    var settings = new
    for keyPath in keyPaths {
      guard let row = SettingsSchema.collector.first(where: { $0.key == keyPath }), row.write(&settings, row.read(old))
      else { return nil }
      settings.secrets.take(keyPath, from: old.secrets)
    }
    return settings
  }
}
