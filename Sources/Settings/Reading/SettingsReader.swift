/// Turns trees into settings along the schema. Everything wrong is noted and reading goes on with the default.
struct SettingsReader {
  let supported: SupportedVenues
  private(set) var errors: [SettingsError] = []
  private(set) var warnings: [SettingsError] = []
  /// Where every value that is set stands.
  var places: [String: Place] = [:]
  /// Where every key stands, with or without a value.
  private(set) var keyPlaces: [String: Place] = [:]
  /// Keys whose value came from a file or a credential, and is not covered by the redaction of its type.
  private(set) var secretPaths: Set<String> = []
  /// Keys whose value only the running service can know.
  private(set) var unknownPaths: Set<String> = []
  /// The files read, in order.
  private(set) var files: [String]
  /// The name of a fragment whose author may not read what this process can.
  private(set) var foreignFragment: String?
  private var references: ReferenceResolver

  init(supported: SupportedVenues, file: String, references: ReferenceResolver) {
    self.supported = supported
    self.references = references
    files = [file]
  }

  mutating func note(_ place: Place, _ path: String, _ message: String) {
    errors.append(SettingsError(place, path, message))
  }

  mutating func warn(_ place: Place, _ path: String, _ message: String) {
    warnings.append(SettingsError(place, path, message))
  }

  /// The tree of a file's bytes; what is wrong with it is noted.
  ///
  /// - Parameter variablesAreSecret: for texts of people who may not see the environment of the service
  mutating func tree(_ bytes: [UInt8], file: String, variablesAreSecret: Bool = false) -> YAMLNode {
    let tree = YAMLTree(bytes: bytes, file: file)
    errors += tree.errors
    return references.resolve(tree.root, variablesAreSecret: variablesAreSecret)
  }

  /// Notes what was wrong with references, once all texts are read.
  mutating func noteReferences() {
    errors += references.errors
    warnings += references.warnings
  }

  /// What was noted of a key's value in the files means nothing for another value.
  mutating func forget(_ path: String) {
    let isOfKey = { (other: String) in other == path || other.hasPrefix("\(path)[") }
    secretPaths = secretPaths.filter { !isOfKey($0) }
    unknownPaths = unknownPaths.filter { !isOfKey($0) }
    places = places.filter { !isOfKey($0.key) }
  }

  /// The tree of another file; nothing when it cannot be read.
  mutating func tree(file: String, namedAt place: Place, _ path: String) -> YAMLNode? {
    switch FileReader.read(file) {
    case .success(let bytes):
      files.append(file)
      return tree(bytes, file: file)
    case .failure(let problem):
      note(place, path, "the file \(Shown.text(file, limit: 4096)) \(problem.message)")
      return nil
    }
  }

  /// Merges the files of a directory into the main file's tree.
  mutating func layDropIns(over root: inout YAMLNode, from directory: DropIns) {
    switch directory.files() {
    case .success(let paths):
      for path in paths {
        switch FileReader.read(path) {
        case .success(let bytes):
          files.append(path)
          root = root.merged(with: tree(bytes, file: path))
        case .failure(let problem): note(Place(file: path), "", problem.message)
        }
      }
    case .failure(let problem): note(Place(file: directory.path), "", problem.message)
    }
    if let oddity = directory.oddity { warn(Place(file: directory.path), "", oddity) }
  }

  /// Merges a fragment into the tree of the files.
  mutating func lay(_ fragment: SettingsFragment, over root: inout YAMLNode) {
    files.append(fragment.name)
    if !fragment.mayShowVariables { foreignFragment = fragment.name }
    root = root.merged(with: tree(fragment.text, file: fragment.name, variablesAreSecret: !fragment.mayShowVariables))
  }

  /// The pairs of a map; an empty value has none, anything else is wrong.
  mutating func pairs(of node: YAMLNode, _ path: String) -> [YAMLPair] {
    if case .mapping(let pairs) = node.content { return pairs }
    if !node.isEmpty { note(node.place, path, "expected a map, found \(node.kind)") }
    return []
  }

  /// Fills a structure from the pairs of a map along its table.
  ///
  /// - Parameters:
  ///   - section: path of the map inside the table, empty for its root
  ///   - path: path of the map in the file
  ///   - apart: keys of the table that are not values but maps or lists of entries
  /// - Returns: what was found under the keys of `apart`
  mutating func fill<Root>(
    _ root: inout Root, from pairs: [YAMLPair], _ table: [SchemaKey<Root>], section: String = "", path: String,
    apart: [String] = []
  ) -> [String: YAMLNode] {
    var found: [String: YAMLNode] = [:]
    for pair in pairs {
      let key = section.isEmpty ? pair.key : "\(section).\(pair.key)"
      let below = "\(key)."
      let keyPath = KeyPathText.join(path, pair.key)
      // A dotted key would otherwise be found in the table as if it were written in its section.
      if pair.key.isEmpty || pair.key.contains(".") {
        note(pair.keyPlace, keyPath, "unknown key")
      } else if apart.contains(key) {
        keyPlaces[keyPath] = pair.keyPlace
        if !pair.value.isEmpty { places[keyPath] = pair.keyPlace }
        found[key] = pair.value
      } else if let row = table.first(where: { $0.key == key }) {
        keyPlaces[keyPath] = pair.keyPlace
        setValue(of: row, from: pair.value, keyPath, in: &root)
      } else if table.contains(where: { $0.key.hasPrefix(below) }) {
        keyPlaces[keyPath] = pair.keyPlace
        if !pair.value.isEmpty { places[keyPath] = pair.keyPlace }
        let values = self.pairs(of: pair.value, keyPath)
        found.merge(fill(&root, from: values, table, section: key, path: keyPath, apart: apart)) { first, _ in first }
      } else {
        noteUnknown(pair, keyPath, section, keys: table.map(\.key) + apart)
      }
    }
    return found
  }

  /// Fills a structure from one pair whose key is that of a row, whatever the path in the file.
  mutating func fillEntry<Root>(
    _ root: inout Root, from pair: YAMLPair, _ table: [SchemaKey<Root>], path: String
  ) {
    keyPlaces[path] = pair.keyPlace
    for row in table where row.key == pair.key {
      setValue(of: row, from: pair.value, path, in: &root)
    }
  }

  private mutating func setValue<Root>(
    of row: SchemaKey<Root>, from node: YAMLNode, _ path: String, in root: inout Root
  ) {
    if node.isEmpty { return }
    places[path] = node.place
    if node.isUnknown {
      unknownPaths.insert(path)
      return
    }
    if !row.used { warn(node.place, path, "accepted, but not used by this version") }
    guard let value = value(of: row.type, from: node, path) else { return }
    if !row.write(&root, value) { note(node.place, path, "expected \(row.type.summary)") }
  }

  /// The value of a node, or nothing when it is wrong (which is then noted).
  private mutating func value(of type: ValueType, from node: YAMLNode, _ path: String) -> SettingValue? {
    switch (type, node.content) {
    case (.list(let item, let atLeastOne), .sequence(let nodes)):
      if nodes.isEmpty && atLeastOne {
        note(node.place, path, "the list is empty; at least one is needed")
        return nil
      }
      return list(of: item, from: nodes, path)
    case (_, .scalar(let text, let plain)):
      let isSecret = node.isSecret(as: type)
      switch type.parse(text, plain: plain) {
      case .success(let value):
        if isSecret { secretPaths.insert(path) }
        return value
      case .failure(let problem):
        note(node.place, path, isSecret ? "expected \(type.summary), found a secret that is none" : problem.message)
      }
    default:
      note(node.place, path, "expected \(type.summary), found \(node.kind)")
    }
    return nil
  }

  private mutating func list(of type: ValueType, from nodes: [YAMLNode], _ path: String) -> SettingValue? {
    var list: [String] = []
    var seen: Set<String> = []
    for (index, node) in nodes.enumerated() {
      let itemPath = "\(path)[\(index)]"
      places[itemPath] = node.place
      if node.isUnknown {
        unknownPaths.insert(itemPath)
      } else if node.isEmpty {
        note(node.place, itemPath, "the item is empty")
      } else if case .text(let text)? = value(of: type, from: node, itemPath) {
        let isNew = seen.insert(type.identity(of: text)).inserted
        if !isNew {
          let shown = secretPaths.contains(itemPath) ? "a secret" : Shown.text(type.show(.text(text)))
          note(node.place, itemPath, "duplicate: \(shown) stands in the list already")
        }
        list.append(text)
      }
    }
    return list.count == nodes.count ? .list(list) : nil
  }

  private mutating func noteUnknown(_ pair: YAMLPair, _ path: String, _ section: String, keys: [String]) {
    if pair.key == "<<" {
      note(pair.keyPlace, path, "merge keys are not supported")
      return
    }
    let prefix = section.isEmpty ? "" : "\(section)."
    let siblings = keys.compactMap { key in
      key.hasPrefix(prefix) ? key.dropFirst(prefix.count).split(separator: ".").first.map(String.init) : nil
    }
    // Hints cost time, and nobody reads the ten-thousandth.
    let hint = errors.count < SettingsLoader.maximumErrors ? self.hint(for: pair.key, at: path, among: siblings) : ""
    note(pair.keyPlace, path, "unknown key\(hint)")
  }

  /// A slip of the fingers first, then a key in the wrong section, then one that begins alike.
  private func hint(for key: String, at path: String, among siblings: [String]) -> String {
    let slip = Suggestion.phrase(for: key, among: siblings, beginnings: false)
    if !slip.isEmpty { return slip }
    if !path.hasPrefix("exchanges["),
      let elsewhere = SettingsSchema.entries.first(where: { $0.pattern.hasSuffix(".\(key)") })
    {
      return " (it belongs at «\(elsewhere.pattern)»)"
    }
    return Suggestion.phrase(for: key, among: siblings)
  }
}
