/// A piece of the dump: what a key path leads to.
indirect enum DumpNode: Sendable {
  /// A value as it is written.
  case value(String)
  /// Values on one line, each as it is written.
  case list([String])
  /// Keys in the order of the schema.
  case section([(key: String, node: DumpNode)])
  /// The entries of `exchanges`, each with its name.
  case entries([(name: String, node: DumpNode)])

  /// The piece a key path leads to; nothing when there is none.
  func child(_ steps: ArraySlice<KeyPathText.Step>) -> DumpNode? {
    guard let step = steps.first else { return self }
    let rest = steps.dropFirst()
    switch (self, step) {
    case (.section(let keys), .key(let key)): return keys.first { $0.key == key }?.node.child(rest)
    case (.entries(let entries), .index(let text)):
      if let entry = entries.first(where: { $0.name == text }) { return entry.node.child(rest) }
      guard let index = Int(text), entries.indices.contains(index) else { return nil }
      return entries[index].node.child(rest)
    case (.list(let items), .index(let text)):
      guard rest.isEmpty, let index = Int(text), items.indices.contains(index) else { return nil }
      return .value(items[index])
    default: return nil
    }
  }

  /// Puts a piece at a dotted key below a section, which is made where it is missing.
  mutating func put(_ node: DumpNode, at keys: ArraySlice<Substring>) {
    guard let key = keys.first.map(String.init), case .section(var pairs) = self else { return }
    let index = pairs.firstIndex { $0.key == key } ?? pairs.count
    if index == pairs.count { pairs.append((key, .section([]))) }
    if keys.count == 1 {
      pairs[index].node = node
    } else {
      pairs[index].node.put(node, at: keys.dropFirst())
    }
    self = .section(pairs)
  }

  /// The lines of this piece, without indentation.
  var lines: [String] {
    switch self {
    case .value(let text): [text]
    case .list(let items): [YAMLText.list(items)]
    case .section(let pairs) where pairs.isEmpty: ["{}"]
    case .section(let pairs): pairs.flatMap(Self.lines(of:))
    case .entries(let entries) where entries.isEmpty: ["[]"]
    case .entries(let entries):
      entries.flatMap { entry in
        entry.node.lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
      }
    }
  }

  private static func lines(of pair: (key: String, node: DumpNode)) -> [String] {
    let lines = pair.node.lines
    switch pair.node {
    case .value, .list: return ["\(pair.key): \(lines.joined())"]
    case .section(let pairs) where pairs.isEmpty: return ["\(pair.key): {}"]
    case .entries(let entries) where entries.isEmpty: return ["\(pair.key): []"]
    case .section, .entries: return ["\(pair.key):"] + lines.map { "  \($0)" }
    }
  }

  /// Paths of all values, in order. Items of lists are part of their list.
  func paths(at path: String) -> [String] {
    switch self {
    case .value, .list: [path]
    case .section(let pairs): pairs.flatMap { $0.node.paths(at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    case .entries(let entries):
      entries.enumerated().flatMap { $0.element.node.paths(at: "\(path)[\($0.offset)]") }
    }
  }
}
