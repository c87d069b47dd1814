/// Laying one file over another.
extension YAMLNode {
  /// This tree with another over it: maps merge, lists and values replace, and the entries of `exchanges` merge by
  /// name. What comes from where keeps its place.
  func merged(with over: YAMLNode, path: String = "") -> YAMLNode {
    switch (content, over.content) {
    case (.mapping(let below), .mapping(let above)):
      return YAMLNode(place: place, content: .mapping(Self.merge(below, above, path)))
    case (.sequence(let below), .sequence(let above)) where path == "exchanges":
      return YAMLNode(place: place, content: .sequence(Self.merge(below, above)))
    // An empty section (one whose keys are all comments) says nothing, while an empty value means its default.
    case (.mapping, _) where over.isEmpty, (.sequence, _) where over.isEmpty: return self
    default: return over
    }
  }

  private static func merge(_ below: [YAMLPair], _ above: [YAMLPair], _ path: String) -> [YAMLPair] {
    var merged = below
    // `url` and `urls` are two spellings of one key: the later file's stands.
    if path == "nats", above.contains(where: { $0.key == "url" || $0.key == "urls" }) {
      merged.removeAll { $0.key == "url" || $0.key == "urls" }
    }
    var indexes = Dictionary(merged.enumerated().map { ($1.key, $0) }) { first, _ in first }
    for pair in above {
      if let index = indexes[pair.key] {
        let below = path.isEmpty ? pair.key : "\(path).\(pair.key)"
        let value = merged[index].value.merged(with: pair.value, path: below)
        merged[index] = YAMLPair(key: pair.key, keyPlace: pair.keyPlace, value: value)
      } else {
        indexes[pair.key] = merged.count
        merged.append(pair)
      }
    }
    return merged
  }

  private static func merge(_ below: [YAMLNode], _ above: [YAMLNode]) -> [YAMLNode] {
    var merged = below
    // Only the file below is searched: two entries of one name in one file stay two, and are an error later.
    let indexes = Dictionary(below.enumerated().compactMap { index, node in node.entryName.map { ($0, index) } }) {
      first, _ in first
    }
    for node in above {
      if let name = node.entryName, let index = indexes[name] {
        merged[index] = merged[index].merged(with: node, path: "exchanges[]")
      } else {
        merged.append(node)
      }
    }
    return merged
  }

  /// The name an exchange entry has or will get.
  private var entryName: String? {
    guard case .mapping(let pairs) = content else { return nil }
    func text(_ key: String) -> String? {
      guard let node = pairs.first(where: { $0.key == key })?.value, !node.isEmpty,
        case .scalar(let text, _) = node.content
      else { return nil }
      return text
    }
    if let name = text("name") { return name }
    guard let exchange = text("exchange"), let market = text("market_type") else { return nil }
    return "\(exchange)-\(market)"
  }
}
