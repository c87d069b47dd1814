/// The entries of `exchanges`, and what must hold between their keys.
extension SettingsReader {
  /// The entries; a configuration that would collect nothing is an error.
  mutating func exchanges(from node: YAMLNode?, root: YAMLNode) -> [CollectorSettings.Exchange] {
    let path = "exchanges"
    let key = keyPlaces[path] ?? root.place
    guard let node, !node.isEmpty else {
      // With a file that is no map, the cause has been told.
      if case .mapping = root.content { note(key, path, "no exchange is configured; at least one entry is needed") }
      if root.isEmpty && errors.isEmpty { note(key, path, "no exchange is configured; at least one entry is needed") }
      return []
    }
    let nodes = entries(of: node)
    if nodes.isEmpty {
      if case .sequence = node.content {
        note(node.place, path, "no exchange is configured; at least one entry is needed")
      }
      return []
    }
    places[path] = node.place
    var exchanges: [CollectorSettings.Exchange] = []
    var names: [String: Int] = [:]
    for (index, entryNode) in nodes.enumerated() {
      let entryPath = "\(path)[\(index)]"
      places[entryPath] = entryNode.place
      guard let (entry, nameIsSound) = exchange(from: entryNode, entryPath) else { continue }
      exchanges.append(entry)
      guard nameIsSound, !secretPaths.contains("\(entryPath).name") else { continue }
      if let first = names[entry.name] {
        let place = places["\(entryPath).name"] ?? entryNode.place
        let advice = places["\(entryPath).name"] == nil ? "; give each entry a name of its own" : ""
        note(
          place, "\(entryPath).name",
          "duplicate exchange name \(Shown.text(entry.name)), exchanges[\(first)] has it already\(advice)")
      }
      names[entry.name] = names[entry.name] ?? index
    }
    if exchanges.count == nodes.count, !exchanges.contains(where: \.enabled) {
      note(node.place, path, "every entry is disabled; at least one must be enabled")
    }
    return exchanges
  }

  /// The entries of a list, or of the files that `exchanges.configs` names.
  private mutating func entries(of node: YAMLNode) -> [YAMLNode] {
    switch node.content {
    case .sequence(let nodes): return nodes
    case .mapping(let pairs) where pairs.map(\.key) == ["configs"]: return pairs.flatMap { configs(in: $0.value) }
    default:
      note(node.place, "exchanges", "expected a list of entries (or a map with only «configs»), found \(node.kind)")
      return []
    }
  }

  private mutating func configs(in node: YAMLNode) -> [YAMLNode] {
    guard case .sequence(let names) = node.content, !names.isEmpty else {
      note(node.place, "exchanges.configs", "expected a list of files, found \(node.kind)")
      return []
    }
    var entries: [YAMLNode] = []
    for (index, name) in names.enumerated() {
      let path = "exchanges.configs[\(index)]"
      if name.isUnknown { continue }
      // The errors would tell what is in the file.
      if name.place.file == foreignFragment {
        note(name.place, path, "a text that is no file of the configuration cannot name files")
        continue
      }
      if name.reference?.secrets.isEmpty == false {
        note(name.place, path, "the name of a file cannot come from a file or a credential")
        continue
      }
      guard case .scalar(let file, _) = name.content, !name.isEmpty, files.count <= 256 else {
        note(name.place, path, files.count > 256 ? "more than 256 files" : "expected a file name, found \(name.kind)")
        continue
      }
      let place = name.place
      guard let tree = tree(file: FileReader.path(of: file, beside: place.file), namedAt: place, path) else { continue }
      // What broke off says nothing about entries.
      if errors.contains(where: { $0.file == tree.place.file && $0.keyPath.isEmpty }) { continue }
      if case .sequence(let nodes) = tree.content { entries += nodes } else { entries.append(tree) }
    }
    return entries
  }

  private mutating func exchange(from node: YAMLNode, _ path: String) -> (
    entry: CollectorSettings.Exchange, nameIsSound: Bool
  )? {
    guard case .mapping(let pairs) = node.content else {
      note(node.place, path, "expected a map with exchange, market_type and symbols, found \(node.kind)")
      return nil
    }
    var entry = CollectorSettings.Exchange()
    let errorsBefore = errors.count
    _ = fill(&entry, from: pairs, SettingsSchema.exchange, path: path)
    for row in SettingsSchema.exchange where row.required && places["\(path).\(row.key)"] == nil {
      let key = "\(path).\(row.key)"
      note(keyPlaces[key] ?? node.place, key, "is required: \(row.type.summary)")
    }
    if entry.reconnectMinimum > entry.reconnectMaximum {
      let low = places["\(path).reconnect_minimum"] == nil ? "reconnect_maximum" : "reconnect_minimum"
      note(
        places["\(path).\(low)"] ?? node.place, "\(path).\(low)",
        "reconnect_minimum (\(Units.show(entry.reconnectMinimum))) is over reconnect_maximum"
          + " (\(Units.show(entry.reconnectMaximum)))")
    }
    // What was not understood left its default behind, which says nothing about the entry.
    let wrong = errors[errorsBefore...].map(\.keyPath)
    let unknown = unknownPaths.filter { $0.hasPrefix("\(path).") }
    let isSound = { (key: String) in
      !wrong.contains { $0.hasPrefix("\(path).\(key)") } && !unknown.contains { $0.hasPrefix("\(path).\(key)") }
    }
    let marketIsSound = isSound("exchange") && isSound("market_type")
    if places["\(path).name"] == nil { entry.name = "\(entry.exchange)-\(entry.marketType)" }
    if marketIsSound { checkSupport(&entry, typesAreSound: isSound("data_types"), node, path) }
    let nameIsSound = places["\(path).name"] == nil ? marketIsSound : isSound("name")
    return (entry, nameIsSound)
  }

  /// Whether this build can collect what is asked. An entry that is disabled may ask for what a later one can.
  private mutating func checkSupport(
    _ entry: inout CollectorSettings.Exchange, typesAreSound: Bool, _ node: YAMLNode, _ path: String
  ) {
    func place(_ key: String) -> Place { places["\(path).\(key)"] ?? node.place }
    func report(_ place: Place, _ keyPath: String, _ message: String) {
      if entry.enabled { note(place, keyPath, message) } else { warn(place, keyPath, message) }
    }
    let market = "\(entry.exchange) \(entry.marketType)"
    guard let types = supported.dataTypes(exchange: entry.exchange, marketType: entry.marketType) else {
      report(
        place("market_type"), "\(path).market_type",
        "\(market) is not supported by this version (supported: \(supported.markets))")
      return
    }
    guard places["\(path).data_types"] != nil else {
      entry.dataTypes = entry.dataTypes.filter(types.contains)
      return
    }
    for (index, type) in entry.dataTypes.enumerated() where typesAreSound && !types.contains(type) {
      report(
        place("data_types[\(index)]"), "\(path).data_types[\(index)]",
        "\(type) of \(market) is not supported by this version (supported: \(types.joined(separator: ", ")))")
    }
  }
}
