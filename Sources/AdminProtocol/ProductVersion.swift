/// The version of the collector and of its tools, which are built and installed together.
public enum ProductVersion {
  /// Semantic version; the changelog has a section of this name.
  public static let current = "0.1.0"
}
