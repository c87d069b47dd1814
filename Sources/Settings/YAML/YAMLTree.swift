/// Builds the tree of one document from libyaml's events, within the bounds of `YAMLLimits`.
///
/// A broken text ends the building; a duplicate key, a tag or a key that is no text is noted and building goes on,
/// so that all of them are reported together.
struct YAMLTree {
  /// The document; an empty one is an empty scalar.
  private(set) var root: YAMLNode
  /// What is wrong, in file order.
  private(set) var errors: [SettingsError] = []

  private struct Anchored {
    var node: YAMLNode
    var nodes: Int
    var depth: Int
  }

  private var anchors: [String: Anchored] = [:]
  private var expanded = 0

  init(bytes: [UInt8], file: String) {
    root = YAMLNode(place: Place(file: file, line: 1, column: 1), content: .scalar("", plain: true))
    if let problem = TextCheck.problem(in: bytes, file: file) {
      errors = [problem]
      return
    }
    bytes.withUnsafeBufferPointer { buffer in
      guard var parser = YAMLParser(bytes: bytes, buffer: buffer, file: file) else {
        errors.append(SettingsError(Place(file: file), "", "out of memory"))
        return
      }
      do throws(SettingsError) {
        try read(&parser)
      } catch {
        errors.append(error)
      }
    }
  }

  private mutating func read(_ parser: inout YAMLParser) throws(SettingsError) {
    var documents = 0
    while true {
      let (event, place) = try parser.next().get()
      switch event {
      case .streamEnd: return
      case .documentStart:
        documents += 1
        if documents > 1 { throw SettingsError(place, "", "a second document; a configuration is one document") }
      case .documentEnd: continue
      default: root = try node(event, place, "", depth: 1, &parser).node
      }
    }
  }

  private mutating func node(
    _ event: YAMLEvent, _ place: Place, _ path: String, depth: Int, _ parser: inout YAMLParser
  ) throws(SettingsError) -> Anchored {
    if depth > YAMLLimits.depth {
      throw SettingsError(place, "", "nested deeper than \(YAMLLimits.depth) levels")
    }
    var made = Anchored(node: YAMLNode(place: place, content: .scalar("", plain: true)), nodes: 1, depth: 1)
    switch event {
    case .scalar(let text, let plain, let anchor, let tag):
      made.node.content = .scalar(text, plain: plain)
      note(tag, place, path)
      keep(made, anchor)
    case .sequenceStart(let anchor, let tag):
      note(tag, place, path)
      made.node.content = .sequence(try items(&made, path, depth, &parser))
      keep(made, anchor)
    case .mappingStart(let anchor, let tag):
      note(tag, place, path)
      made.node.content = .mapping(try pairs(&made, path, depth, &parser))
      keep(made, anchor)
    case .alias(let name):
      made = try expand(name, place, path, depth)
    default:
      throw SettingsError(place, path, "not valid YAML: a value is missing")
    }
    return made
  }

  private mutating func items(
    _ parent: inout Anchored, _ path: String, _ depth: Int, _ parser: inout YAMLParser
  ) throws(SettingsError) -> [YAMLNode] {
    var items: [YAMLNode] = []
    while true {
      let (event, place) = try parser.next().get()
      if case .sequenceEnd = event { return items }
      let item = try node(event, place, "\(path)[\(items.count)]", depth: depth + 1, &parser)
      parent.nodes += item.nodes
      parent.depth = max(parent.depth, item.depth + 1)
      items.append(item.node)
    }
  }

  private mutating func pairs(
    _ parent: inout Anchored, _ path: String, _ depth: Int, _ parser: inout YAMLParser
  ) throws(SettingsError) -> [YAMLPair] {
    var pairs: [YAMLPair] = []
    var lines: [String: Int] = [:]
    while true {
      let (event, place) = try parser.next().get()
      if case .mappingEnd = event { return pairs }
      let key = try node(event, place, path, depth: depth + 1, &parser)
      var name = ""
      if case .scalar(let text, _) = key.node.content { name = text }
      let keyPath = KeyPathText.join(path, name)
      let (valueEvent, valuePlace) = try parser.next().get()
      let value = try node(valueEvent, valuePlace, keyPath, depth: depth + 1, &parser)
      parent.nodes += value.nodes + 1
      parent.depth = max(parent.depth, value.depth + 1)
      if case .scalar = key.node.content {
        if let first = lines[name] {
          errors.append(SettingsError(place, keyPath, "duplicate key; it stands in line \(first) already"))
        } else {
          lines[name] = place.line
          pairs.append(YAMLPair(key: name, keyPlace: place, value: value.node))
        }
      } else {
        errors.append(SettingsError(place, path, "a key must be a text, found \(key.node.kind)"))
      }
    }
  }

  private mutating func expand(
    _ name: String, _ place: Place, _ path: String, _ depth: Int
  ) throws(SettingsError) -> Anchored {
    guard let anchored = anchors[name] else {
      throw SettingsError(place, path, "unknown alias \(Shown.text(name))")
    }
    expanded += anchored.nodes
    if expanded > YAMLLimits.expandedNodes {
      throw SettingsError(place, path, "aliases stand for more than \(YAMLLimits.expandedNodes) values")
    }
    if depth + anchored.depth - 1 > YAMLLimits.depth {
      throw SettingsError(place, path, "nested deeper than \(YAMLLimits.depth) levels")
    }
    return anchored
  }

  private mutating func keep(_ made: Anchored, _ anchor: String?) {
    if let anchor { anchors[anchor] = made }
  }

  private mutating func note(_ tag: String?, _ place: Place, _ path: String) {
    guard let tag else { return }
    errors.append(SettingsError(place, path, "a tag (\(Shown.text(tag))) is not allowed"))
  }
}
