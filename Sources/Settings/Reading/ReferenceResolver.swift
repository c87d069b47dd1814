/// Puts values in place of the references in the scalars of a tree. What was put in is never read for references again.
struct ReferenceResolver {
  /// Bytes of a file or credential.
  static let maximumFileBytes = 64 << 10
  /// Bytes that all references of a configuration may put in together.
  static let maximumBytes = YAMLLimits.bytes
  /// Files read for references.
  static let maximumFiles = 256

  private let environment: [String: String]
  /// Whether what only the running service can read is unknown instead of wrong.
  private let lenient: Bool
  private var inserted = 0
  private var read: [String: Result<String, FileProblem>] = [:]
  private(set) var errors: [SettingsError] = []
  private(set) var warnings: [SettingsError] = []

  init(environment: [String: String], lenient: Bool) {
    self.environment = environment
    self.lenient = lenient
  }

  /// The tree with its references resolved.
  ///
  /// - Parameter variablesAreSecret: for texts of people who may not see the environment of the service
  mutating func resolve(_ node: YAMLNode, path: String = "", variablesAreSecret: Bool = false) -> YAMLNode {
    var resolved = node
    switch node.content {
    case .scalar(let text, _):
      if text.contains("${") { scalar(text, &resolved, path, variablesAreSecret) }
    case .sequence(let items):
      resolved.content = .sequence(
        items.enumerated().map { index, item in
          resolve(item, path: "\(path)[\(index)]", variablesAreSecret: variablesAreSecret)
        })
    case .mapping(let pairs):
      resolved.content = .mapping(
        pairs.map { pair in
          let below = KeyPathText.join(path, pair.key)
          let value = resolve(pair.value, path: below, variablesAreSecret: variablesAreSecret)
          return YAMLPair(key: pair.key, keyPlace: pair.keyPlace, value: value)
        })
    }
    return resolved
  }

  private mutating func scalar(_ text: String, _ node: inout YAMLNode, _ path: String, _ variablesAreSecret: Bool) {
    var reference = YAMLNode.Reference()
    var result = ""
    switch ReferenceText.pieces(of: text) {
    case .failure(let problem):
      errors.append(SettingsError(node.place, path, problem.message))
      reference.isUnknown = true
    case .success(let pieces):
      if pieces.count == 1, case .literal(let literal) = pieces[0] {
        // Nothing but an escaped «${»: a text as any other.
        node.content = .scalar(literal, plain: false)
        return
      }
      for piece in pieces {
        switch value(of: piece) {
        case .success(let value):
          result += value
          if piece.isSecret || (variablesAreSecret && !piece.isLiteral) { reference.secrets.append(value) }
        case .failure(let problem):
          reference.isUnknown = true
          let error = SettingsError(node.place, path, problem.message)
          if problem.isForTheServiceOnly && lenient { warnings.append(error) } else { errors.append(error) }
        }
      }
    }
    node.content = .scalar(reference.isUnknown ? "" : result, plain: true)
    node.reference = reference
  }

  private mutating func value(of piece: ReferenceText.Piece) -> Result<String, FileProblem> {
    switch piece {
    case .literal(let text): return .success(text)
    case .variable(let name, let fallback):
      let value = environment[name]
      if let fallback, value?.isEmpty ?? true { return counted(fallback) }
      guard let value else {
        return .failure(FileProblem("the variable \(name) is not set; ${\(name):-…} would give a default"))
      }
      return counted(value)
    case .file(let path): return file(path, called: "the file \(Shown.text(path, limit: 4096))")
    case .credential(let name):
      guard let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty else {
        let known = "the credential \(name) is passed by the service manager only (CREDENTIALS_DIRECTORY is not set)"
        return .failure(
          FileProblem(lenient ? "\(known); this value was not checked" : known, isForTheServiceOnly: true))
      }
      return file("\(directory)/\(name)", called: "the credential \(name)")
    }
  }

  private mutating func file(_ path: String, called name: String) -> Result<String, FileProblem> {
    if read[path] == nil, read.count >= Self.maximumFiles {
      return .failure(FileProblem("references to more than \(Self.maximumFiles) files"))
    }
    let found =
      read[path] ?? FileReader.read(path, maximum: Self.maximumFileBytes).flatMap { Self.text(of: $0) }
    read[path] = found
    switch found {
    case .success(let text): return counted(text)
    case .failure(var problem):
      problem.message = "\(name) \(problem.message)"
      if problem.isForTheServiceOnly && lenient { problem.message += "; this value was not checked" }
      return .failure(problem)
    }
  }

  /// One line feed at the end is the editor's, not the secret's.
  private static func text(of bytes: [UInt8]) -> Result<String, FileProblem> {
    if bytes.count > maximumFileBytes {
      return .failure(FileProblem("is larger than \(Units.show(bytes: maximumFileBytes))"))
    }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      return .failure(FileProblem("is no text in UTF-8"))
    }
    return .success(text.hasSuffix("\n") ? String(text.dropLast()) : text)
  }

  private mutating func counted(_ value: String) -> Result<String, FileProblem> {
    inserted += value.utf8.count
    if inserted > Self.maximumBytes {
      return .failure(FileProblem("references stand for more than \(Units.show(bytes: Self.maximumBytes))"))
    }
    return .success(value)
  }
}

extension ReferenceText.Piece {
  /// Files and credentials hold secrets; the environment is for everything else.
  fileprivate var isSecret: Bool {
    switch self {
    case .file, .credential: true
    case .literal, .variable: false
    }
  }

  fileprivate var isLiteral: Bool {
    if case .literal = self { true } else { false }
  }
}
