/// The grammar of references inside a scalar.
///
/// `${VAR}`, `${VAR:-default}`, `${file:/path}` and `${credential:NAME}`; a default ends at the first `}`. `$${` stands for
/// the text `${`; every other `$` stands for itself.
enum ReferenceText {
  /// A part of a scalar.
  enum Piece: Equatable {
    case literal(String)
    /// A variable of the environment; with a default that counts when it is not set or empty.
    case variable(String, fallback: String?)
    /// The text of a file, by an absolute path.
    case file(String)
    /// A credential that the service manager passes.
    case credential(String)
  }

  /// The parts of a text, in order.
  static func pieces(of text: String) -> Result<[Piece], ValueProblem> {
    var pieces: [Piece] = []
    var literal = ""
    var rest = text[...]
    while let first = rest.first {
      if rest.hasPrefix("$${") {
        literal += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let end = rest.firstIndex(of: "}") else {
          return .failure(ValueProblem("a reference begins with «${» and has no «}»; for the text itself write «$${»"))
        }
        switch reference(rest[..<end].dropFirst(2)) {
        case .success(let piece): pieces += literal.isEmpty ? [piece] : [.literal(literal), piece]
        case .failure(let problem): return .failure(problem)
        }
        literal = ""
        rest = rest[rest.index(after: end)...]
      } else {
        literal.append(first)
        rest = rest.dropFirst()
      }
    }
    return .success(literal.isEmpty && !pieces.isEmpty ? pieces : pieces + [.literal(literal)])
  }

  private static let kinds = ["file", "credential"]

  private static func reference(_ inner: Substring) -> Result<Piece, ValueProblem> {
    let name = inner.prefix { $0 != ":" }
    let rest = inner.dropFirst(name.count)
    if rest.hasPrefix(":-") || rest.isEmpty {
      guard isVariable(name) else {
        return .failure(ValueProblem("\(Shown.text(String(name))) in «${…}» is no name of a variable"))
      }
      return .success(.variable(String(name), fallback: rest.isEmpty ? nil : String(rest.dropFirst(2))))
    }
    let argument = String(rest.dropFirst())
    switch name {
    case "file":
      guard argument.hasPrefix("/"), argument.utf8.count <= 4095 else {
        return .failure(ValueProblem("${file:…} takes an absolute path, found \(Shown.text(argument))"))
      }
      return .success(.file(argument))
    case "credential":
      guard isCredential(argument) else {
        return .failure(ValueProblem("${credential:…} takes a name without «/», found \(Shown.text(argument))"))
      }
      return .success(.credential(argument))
    default:
      let hint = Suggestion.phrase(for: String(name), among: kinds)
      return .failure(
        ValueProblem(
          "unknown reference \(Shown.text(String(name))); known are VAR, VAR:-default, file:, credential:\(hint)"))
    }
  }

  private static func isVariable(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first), name.utf8.count <= 255 else { return false }
    return name.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
        || (0x61...0x7a).contains(byte)
    }
  }

  /// systemd's own rule: what can be the name of a file.
  private static func isCredential(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".."
      && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }
  }
}
