import AdminProtocol

/// Reads the command line: options of the tool anywhere, the rest in the grammar of the admin protocol.
package struct ToolArguments: Equatable {
  /// What the options say.
  package private(set) var settings = ToolSettings()
  /// What is asked for.
  package private(set) var invocation = Invocation.interactive

  private var asked: [ToolOption] = []
  private var fragment: String?
  private var completion: CompletionScript?

  /// Reads the arguments after the program's name.
  ///
  /// - Parameter environment: `MARKETPRISM_SOCKET` is looked up in it.
  package init(_ arguments: [String], environment: [String: String]) throws(UsageError) {
    if let path = environment["MARKETPRISM_SOCKET"], !path.isEmpty { settings.socket = path }
    var words: [CommandWords.Word] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        words += rest.map { .literal($0) }
        break
      }
      let (name, attached) = Self.parts(argument)
      if let option = ToolOption.all.first(where: { $0.name == name || ($0 == .help && argument == "-h") }) {
        try take(option, attached: attached, &rest)
      } else if argument.hasPrefix("--") {
        words.append(.option(String(name.dropFirst(2)), attached: attached))
      } else if argument.hasPrefix("-") && argument.count > 1 && Int(argument) == nil {
        throw UsageError("there is no option \(argument); write options in full, such as --json")
      } else {
        words.append(.literal(argument))
      }
    }
    invocation = try invocation(of: words)
  }

  private mutating func take(
    _ option: ToolOption, attached: String?, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    var value = ""
    if let name = option.value {
      guard let given = attached ?? rest.popFirst() else { throw UsageError("\(option.name) needs \(name) after it") }
      value = given
    } else if attached != nil {
      throw UsageError("\(option.name) takes no value")
    }
    switch option {
    case .json: settings.json = true
    case .failDegraded: settings.failDegraded = true
    case .socket:
      guard !value.isEmpty else { throw UsageError("--socket is empty") }
      settings.socket = value
    case .timeout:
      guard let duration = Self.duration(value) else {
        throw UsageError("--timeout must be like 25, 25s or 2m, got \"\(value)\"")
      }
      settings.timeout = duration
    case .fragment: fragment = value
    case .completion:
      guard let script = CompletionScript(rawValue: value) else {
        let known = CompletionScript.allCases.map(\.rawValue).joined(separator: ", ")
        throw UsageError("--completion must be one of \(known), got \"\(value)\"")
      }
      completion = script
    default: break
    }
    asked.append(option)
  }

  private func invocation(of words: [CommandWords.Word]) throws(UsageError) -> Invocation {
    if asked.contains(.help) { return .help(words.compactMap(\.literal)) }
    if asked.contains(.version) { return .version }
    if let completion { return .completion(completion) }
    var literals = words
    var json = settings.json
    if literals.first == .literal("json") {
      json = true
      literals.removeFirst()
    }
    if literals.isEmpty {
      try allow(nil)
      return .interactive
    }
    if let tool = ToolCommand.all.first(where: { literals.first == .literal($0.name) }) {
      guard literals.count == 1 else { throw UsageError("\"\(tool.name)\" takes no arguments") }
      try allow(tool.name)
      return tool.invocation
    }
    let last = literals.last == .literal("-")
    let specification = CommandWords.specification(literals)
    let takesPayload = specification?.takesPayload ?? false
    if last && takesPayload { literals.removeLast() }
    let arguments = try CommandWords.arguments(literals)
    try allow(specification?.name)
    let request = Request(json: json, arguments: arguments, payload: nil)
    switch CommandTable.resolve(request) {
    case .failure(let error): throw UsageError(error.message)
    case .success(let call) where call.id == .prompt: return .interactive
    case .success(let call):
      if asked.contains(.nagios) {
        guard call.arguments.isEmpty else { throw UsageError("--nagios is for \"health\" without arguments") }
        return .nagios
      }
      return .command(request, payload: payload(takesPayload: takesPayload, dash: last))
    }
  }

  private func payload(takesPayload: Bool, dash: Bool) -> PayloadSource {
    guard takesPayload else { return .none }
    if let fragment { return fragment == "-" ? .input : .file(fragment) }
    return dash ? .input : .inputFile
  }

  /// An option that is for other commands than this is a mistake worth telling.
  private func allow(_ command: String?) throws(UsageError) {
    for option in asked where !option.commands.isEmpty && !option.commands.contains(command ?? "") {
      let names = option.commands.map { "\"\($0)\"" }.joined(separator: " and ")
      throw UsageError("\(option.name) is for \(names)")
    }
  }

  private static func parts(_ argument: String) -> (name: String, attached: String?) {
    guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else { return (argument, nil) }
    return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
  }

  /// A duration with units, or whole seconds.
  static func duration(_ text: String) -> Duration? {
    DurationText.parse(text) ?? DurationText.parse(text + "s")
  }
}
