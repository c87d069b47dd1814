/// Why a scalar is not what its key takes; the message says what would be right.
struct ValueProblem: Error, Equatable {
  var message: String

  init(_ message: String) {
    self.message = message
  }
}

extension ValueType {
  /// The value a scalar stands for. `plain` is false for a quoted text or a block, which is never a number.
  func parse(_ text: String, plain: Bool) -> Result<SettingValue, ValueProblem> {
    if !plain {
      switch self {
      case .boolean, .integer, .duration, .size:
        return .failure(ValueProblem("expected \(summary), found a quoted text; write it without quotes"))
      case .text, .choice, .url, .list: break
      }
    }
    switch self {
    case .boolean: return parseBoolean(text)
    case .integer(let range): return parseInteger(text, range)
    case .duration(let range): return parseDuration(text, range)
    case .size(let range): return parseSize(text, range)
    case .choice(let names):
      if names.contains(text) { return .success(.text(text)) }
      let hint = Suggestion.phrase(for: text, among: names)
      return .failure(ValueProblem("expected \(summary), found \(Shown.value(text))\(hint)"))
    case .text(let rule): return rule.problem(with: text).map { .failure($0) } ?? .success(.text(text))
    case .url(let schemes):
      return URLCheck.problem(with: text, schemes: schemes).map { .failure($0) } ?? .success(.text(text))
    case .list(let item, _):
      return .failure(ValueProblem("expected a list, found \(Shown.value(item.show(.text(text)))); write it in [ ]"))
    }
  }

  /// YAML 1.1's words, which the original's parser took too.
  private func parseBoolean(_ text: String) -> Result<SettingValue, ValueProblem> {
    switch text.lowercased() {
    case "true", "yes", "on": .success(.boolean(true))
    case "false", "no", "off": .success(.boolean(false))
    default: .failure(ValueProblem("expected true or false, found \(Shown.value(text))"))
    }
  }

  private func parseInteger(_ text: String, _ range: ClosedRange<Int>) -> Result<SettingValue, ValueProblem> {
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
      return .failure(ValueProblem("expected \(summary), found \(Shown.value(text))"))
    }
    // A YAML 1.1 parser reads 010 as eight, a YAML 1.2 parser as ten.
    if digits.count > 1, digits.hasPrefix("0") {
      return .failure(ValueProblem("expected \(summary) without leading zeros, found \(Shown.value(text))"))
    }
    guard let number = Int(text), range.contains(number) else { return .failure(outOfRange(text)) }
    return .success(.integer(number))
  }

  private func parseDuration(_ text: String, _ range: ClosedRange<Duration>) -> Result<SettingValue, ValueProblem> {
    switch Units.parse(text, Units.time) {
    case .success(let nanoseconds):
      let duration = Duration.nanoseconds(nanoseconds)
      return range.contains(duration) ? .success(.duration(duration)) : .failure(outOfRange(text))
    case .failure(.tooLarge): return .failure(outOfRange(text))
    case .failure(.noUnit):
      return .failure(ValueProblem("a duration needs a unit (ms, s, m, h, d), for example \(text.prefix(12))s"))
    case .failure(.unknownUnit):
      return .failure(ValueProblem("unknown unit of time in \(Shown.value(text)); known are ns, us, ms, s, m, h, d"))
    case .failure(.notANumber):
      return .failure(ValueProblem("expected a duration such as 250ms, 5s or 2m, found \(Shown.value(text))"))
    }
  }

  private func parseSize(_ text: String, _ range: ClosedRange<Int>) -> Result<SettingValue, ValueProblem> {
    if text == "-1", range.contains(-1) { return .success(.integer(-1)) }
    switch Units.parse(text, Units.size) {
    case .success(let bytes):
      return range.contains(bytes) ? .success(.integer(bytes)) : .failure(outOfRange(text))
    case .failure(.tooLarge): return .failure(outOfRange(text))
    case .failure(.noUnit):
      return .failure(ValueProblem("a size needs a unit (B, KiB, MiB, GiB), for example \(text.prefix(12))B"))
    case .failure(.unknownUnit):
      return .failure(
        ValueProblem("unknown unit of size in \(Shown.value(text)); known are B, KiB, MiB, GiB, TiB, kB, MB, GB, TB"))
    case .failure(.notANumber):
      return .failure(ValueProblem("expected a size such as 64KiB or 1GiB, found \(Shown.value(text))"))
    }
  }

  private func outOfRange(_ text: String) -> ValueProblem {
    ValueProblem("out of range: expected \(summary), found \(Shown.value(text))")
  }
}

/// Pieces of the file inside a message.
enum Shown {
  /// A value that is not what its key takes: it may be a URL with a password in the wrong place.
  static func value(_ text: String) -> String {
    Self.text(text.contains("@") ? URLCheck.redacted(text) : text)
  }

  /// A text in quotes, on one line, cut when long.
  static func text(_ text: String, limit: Int = 40) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      shown.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7f ? "\u{fffd}" : scalar)
    }
    return "\"\(shown)\(text.unicodeScalars.count > limit ? "…" : "")\""
  }
}
