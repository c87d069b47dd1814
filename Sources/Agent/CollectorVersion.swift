import AdminProtocol

/// The version of this collector, as `--version`, the health report and the metrics print it.
public enum CollectorVersion {
  /// Semantic version; the changelog has a section of this name.
  public static let current = ProductVersion.current
}
