/// One family of metrics as Prometheus knows it: a name, a type, a help text and the names of its labels.
public struct MetricFamily: Sendable, Hashable {
  /// The types this registry writes.
  public enum Kind: String, Sendable {
    /// Only grows.
    case counter
    /// Goes up and down.
    case gauge
    /// Counts of values by size, with their sum.
    case histogram
  }

  /// The full name, unit and `_total` included.
  public let name: String
  /// The type.
  public let kind: Kind
  /// One sentence on what is counted.
  public let help: String
  /// The label names, in the order in which samples give their values.
  public let labels: [String]
  /// `seconds`, `bytes`, or nil for plain numbers.
  public let unit: String?
}
