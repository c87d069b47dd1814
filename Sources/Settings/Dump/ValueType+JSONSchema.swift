/// Types of values as JSON Schema.
extension ValueType {
  /// The schema of a value. What JSON Schema cannot say of a quantity with a unit stands as `x-minimum` and `x-maximum`.
  var jsonSchema: [(key: String, value: JSONNode)] {
    switch self {
    case .boolean: return [("type", .string("boolean"))]
    case .integer(let range):
      let upper: [(key: String, value: JSONNode)] =
        range.upperBound == .max ? [] : [("maximum", .integer(range.upperBound))]
      return [("type", .string("integer")), ("minimum", .integer(range.lowerBound))] + upper
    case .duration(let range):
      return Self.quantity(Units.time) + [
        ("x-minimum", .string(Units.show(range.lowerBound))), ("x-maximum", .string(Units.show(range.upperBound))),
      ]
    case .size(let range):
      let lower = max(0, range.lowerBound)
      var quantity = Self.quantity(Units.size) + [("x-minimum", .string(Units.show(bytes: lower)))]
      if range.upperBound != .max { quantity.append(("x-maximum", .string(Units.show(bytes: range.upperBound)))) }
      guard range.lowerBound < 0 else { return quantity }
      return [("anyOf", .array([.object(quantity), .object([("const", .integer(-1))])]))]
    case .text(let rule): return [("type", .string("string"))] + rule.jsonSchema
    case .choice(let names): return [("enum", .array(names.map(JSONNode.string)))]
    case .url(let schemes):
      let alternatives = schemes.joined(separator: "|")
      return [("type", .string("string")), ("pattern", .string("^(\(alternatives))://[^\\s]+$"))]
    case .list(let item, let atLeastOne):
      let least: [(key: String, value: JSONNode)] = atLeastOne ? [("minItems", .integer(1))] : []
      return [("type", .string("array")), ("items", JSONSchemaText.orReference(item.jsonSchema))]
        + least + [("uniqueItems", .boolean(true))]
    }
  }

  private static func quantity(_ units: [(name: String, factor: Int)]) -> [(key: String, value: JSONNode)] {
    let names = units.map(\.name).joined(separator: "|")
    return [("type", .string("string")), ("pattern", .string("^[0-9]+(\(names))$"))]
  }

  /// A value of this type as JSON.
  func json(_ value: SettingValue) -> JSONNode {
    switch (self, value) {
    case (_, .none): .null
    case (_, .boolean(let boolean)): .boolean(boolean)
    case (.integer, .integer(let integer)): .integer(integer)
    case (.size, .integer(let bytes)) where bytes < 0: .integer(bytes)
    case (_, .list(let items)): .array(items.map(JSONNode.string))
    default: .string(show(value))
    }
  }
}

extension TextRule {
  fileprivate var jsonSchema: [(key: String, value: JSONNode)] {
    switch self {
    case .plain, .host, .subject: [("minLength", .integer(1))]
    case .path(let maximum): [("minLength", .integer(1)), ("maxLength", .integer(maximum))]
    case .name: [("pattern", .string("^[A-Za-z0-9_-]{1,64}$"))]
    case .symbol: [("pattern", .string("^[^\\s.*>,;?&#%\"\\\\]{1,64}$"))]
    }
  }
}
