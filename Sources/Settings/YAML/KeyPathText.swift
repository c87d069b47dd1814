/// Key paths as they stand in messages.
enum KeyPathText {
  /// `nats` and `url` make `nats.url`; a strange key is cut and quoted.
  static func join(_ path: String, _ key: String) -> String {
    let sound =
      !key.isEmpty && key.utf8.count <= 64
      && key.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f && $0 != ":" && $0 != "." }
    let shown = sound ? key : Shown.text(key)
    return path.isEmpty ? shown : "\(path).\(shown)"
  }

  /// One part of a key path.
  enum Step: Equatable {
    /// A key of a map.
    case key(String)
    /// What stands in brackets: an index from 0, or an entry's name.
    case index(String)
  }

  /// The parts of a written path, `exchanges[0].symbols`; nothing when it is none.
  static func steps(of path: String) -> [Step]? {
    var steps: [Step] = []
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      let key = part.prefix { $0 != "[" && $0 != "]" }
      guard !key.isEmpty else { return nil }
      steps.append(.key(String(key)))
      var rest = part.dropFirst(key.count)
      while let end = rest.firstIndex(of: "]"), rest.first == "[" {
        steps.append(.index(String(rest[rest.index(after: rest.startIndex)..<end])))
        rest = rest[rest.index(after: end)...]
      }
      guard rest.isEmpty else { return nil }
    }
    return steps
  }
}
