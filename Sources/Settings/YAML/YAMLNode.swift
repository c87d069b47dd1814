/// A piece of a YAML document, with its place.
struct YAMLNode: Sendable {
  /// What a node is.
  indirect enum Content: Sendable {
    /// Text, uninterpreted; `plain` when it was neither quoted nor a block.
    case scalar(String, plain: Bool)
    case sequence([YAMLNode])
    /// In file order, every key once.
    case mapping([YAMLPair])
  }

  var place: Place
  var content: Content

  /// Nothing written, `~` or `null`: the default is meant.
  var isEmpty: Bool {
    guard case .scalar(let text, plain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// For messages about a node of the wrong kind.
  var kind: String {
    switch content {
    case .scalar: isEmpty ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a map"
    }
  }
}

/// A key of a mapping with its value.
struct YAMLPair: Sendable {
  var key: String
  var keyPlace: Place
  var value: YAMLNode
}

/// Bounds of a document. What is over them is an error, never a cut.
enum YAMLLimits {
  static let bytes = 1 << 20
  static let depth = 64
  /// Nodes that aliases may add together: ten thousand is far over any real use, and far under «billion laughs».
  static let expandedNodes = 10_000
}
