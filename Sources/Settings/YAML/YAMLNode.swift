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

  /// What references did to a scalar.
  struct Reference: Sendable {
    /// What they took from files and credentials.
    var secrets: [String] = []
    /// Whether one of them could not be resolved; the text is empty then.
    var isUnknown = false
  }

  var place: Place
  var content: Content
  /// Nothing for a scalar that is as it was written.
  var reference: Reference?

  init(place: Place, content: Content, reference: Reference? = nil) {
    self.place = place
    self.content = content
    self.reference = reference
  }

  /// Whether nobody knows the text.
  var isUnknown: Bool { reference?.isUnknown ?? false }

  /// Whether the text holds a secret that showing a value of the type would not replace.
  func isSecret(as type: ValueType) -> Bool {
    guard case .scalar(let text, _) = content, let secrets = reference?.secrets, !secrets.isEmpty else { return false }
    guard case .url = type else { return true }
    let shown = URLCheck.redacted(text)
    return secrets.contains { !$0.isEmpty && shown.contains($0) }
  }

  /// Nothing written, `~` or `null`, or references that gave nothing: the default is meant.
  var isEmpty: Bool {
    guard case .scalar(let text, plain: true) = content else { return false }
    if let reference { return text.isEmpty && !reference.isUnknown }
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
