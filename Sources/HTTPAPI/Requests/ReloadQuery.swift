import AdminProtocol

/// The query of `POST /api/v1/reload`.
enum ReloadQuery {
  static let names = ["dry-run", "if-generation", "confirm-within", "allow-pending"]

  /// The words of the command that says the same.
  ///
  /// - Throws: 400 bad-argument for a flag that is neither true nor false; the other values are the command's to judge.
  static func command(_ query: [String: String]) throws(ProtocolError) -> [String] {
    var words = ["reload"]
    for flag in ["dry-run", "allow-pending"] {
      switch query[flag] {
      case nil, "false"?: break
      case "true"?: words.append(flag)
      case let value?:
        throw ProtocolError(
          .badArgument, "\(flag) must be true or false, got \(quoted(value))",
          fields: [ReplyField("parameter", flag), ReplyField("value", clipped(value))])
      }
    }
    for option in ["if-generation", "confirm-within"] {
      if let value = query[option] { words += [option, value] }
    }
    return words
  }
}
