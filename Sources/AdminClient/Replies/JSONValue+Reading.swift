import AdminProtocol

extension JSONValue {
  /// The member of an object; nil when there is none, or this is no object.
  package subscript(key: String) -> JSONValue? { members.first { $0.0 == key }?.1 }

  /// The members of an object; none of anything else.
  package var members: [(String, JSONValue)] {
    if case .object(let members) = self { members } else { [] }
  }

  /// The values of an array; none of anything else.
  package var elements: [JSONValue] {
    if case .array(let values) = self { values } else { [] }
  }

  /// The text of a string; nil of anything else.
  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// A whole number; nil of anything else.
  package var integer: Int64? {
    if case .int(let number) = self { number } else { nil }
  }

  /// The value for people: a string without its quotes, anything else as JSON.
  package var shown: String { string ?? text }
}
