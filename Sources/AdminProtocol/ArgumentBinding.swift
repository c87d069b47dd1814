/// Gives the words after a command to its parameters.
///
/// Keywords may stand anywhere. Of the others each required parameter gets one, and the optional ones
/// get what is left, from the left: `log level debug` sets LEVEL, `log level nats debug` LABEL and LEVEL.
struct ArgumentBinding {
  struct Failure: Error {
    var problem: String
  }

  private let parameters: [Parameter]

  init(_ parameters: [Parameter]) { self.parameters = parameters }

  func bind(_ words: [String]) throws(Failure) -> [Argument] {
    var keyed: [String: ArgumentValue] = [:]
    var others: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      guard let parameter = parameters.first(where: { $0.name == word && ($0.kind == .flag || $0.kind == .option) })
      else {
        others.append(word)
        continue
      }
      if keyed[word] != nil { throw Failure(problem: "\"\(word)\" stands twice") }
      if parameter.kind == .flag {
        keyed[word] = .flag
      } else {
        guard let value = rest.popFirst() else {
          throw Failure(problem: "\"\(word)\" needs \(parameter.display) after it")
        }
        keyed[word] = try read(value, as: parameter)
      }
    }
    for argument in try bindPositional(others) { keyed[argument.name] = argument.value }
    return parameters.compactMap { parameter in
      keyed[parameter.name].map { Argument(name: parameter.name, value: $0) }
    }
  }

  private func bindPositional(_ words: [String]) throws(Failure) -> [Argument] {
    if let parameter = parameters.first(where: { $0.kind == .rest }) {
      let text = words.joined(separator: " ")
      return words.isEmpty ? [] : [Argument(name: parameter.name, value: .text(text))]
    }
    let slots = parameters.filter { $0.kind == .positional(optional: false) || $0.kind == .positional(optional: true) }
    var rest = words[...]
    var bound: [Argument] = []
    var required = slots.count { $0.kind == .positional(optional: false) }
    for slot in slots {
      if slot.kind == .positional(optional: true) {
        if rest.count <= required { continue }
      } else {
        required -= 1
      }
      guard let word = rest.popFirst() else { throw Failure(problem: "\(slot.display) is missing") }
      bound.append(Argument(name: slot.name, value: try read(word, as: slot)))
    }
    if let extra = rest.first { throw Failure(problem: "\"\(LineText.clipped(extra))\" is not expected here") }
    return bound
  }

  private func read(_ word: String, as parameter: Parameter) throws(Failure) -> ArgumentValue {
    let shown = LineText.clipped(word)
    switch parameter.type {
    case .text:
      if word.isEmpty { throw Failure(problem: "\(parameter.display) is empty") }
      return .text(word)
    case .integer(let range):
      guard let number = Int(word), range.contains(number) else {
        let bound = range.upperBound == .max ? "from \(range.lowerBound)" : "\(range.lowerBound)..\(range.upperBound)"
        throw Failure(problem: "\(parameter.display) must be a whole number \(bound), got \"\(shown)\"")
      }
      return .integer(number)
    case .duration:
      guard let duration = DurationText.parse(word) else {
        throw Failure(problem: "\(parameter.display) must be like 30s, 10m or 1h30m, got \"\(shown)\"")
      }
      return .duration(duration)
    case .choice(let words):
      guard words.contains(word) else {
        let hint = Suggestion.nearest(to: word, among: words).map { "; did you mean \"\($0)\"?" } ?? ""
        let listed = words.joined(separator: ", ")
        throw Failure(problem: "\(parameter.display) must be one of \(listed), got \"\(shown)\"\(hint)")
      }
      return .text(word)
    }
  }
}
