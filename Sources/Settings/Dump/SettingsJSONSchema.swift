/// The schema of the configuration file as JSON Schema 2020-12, made from the table of keys; editors and configuration
/// management check and complete files by it.
public enum SettingsJSONSchema {
  /// The schema. Beside JSON Schema's own words: `x-reload` (what changing the key asks of a running collector),
  /// `x-secret`, `x-environment` (the variables that override the file), `x-minimum` and `x-maximum` of quantities with
  /// units, and `x-unused` for keys that are checked, and used by a later version.
  public static let text: String = JSONNode.object(root).text()

  private static let root: [(key: String, value: JSONNode)] = {
    var tree = JSONSchemaSection()
    for row in SettingsSchema.collector {
      tree.put(JSONSchemaText.key(row, defaults: CollectorSettings()), at: row.key)
    }
    tree.put(.object(delivery), at: "nats.delivery")
    tree.put(.object(streams), at: "nats.streams")
    tree.put(.object(exchanges), at: "exchanges")
    var exchange = JSONSchemaSection()
    for row in SettingsSchema.exchange {
      exchange.put(JSONSchemaText.key(row, defaults: CollectorSettings.Exchange()), at: row.key)
    }
    let required = SettingsSchema.exchange.filter(\.required).map { JSONNode.string($0.key) }
    return [
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Configuration of the MarketPrism collector")),
    ] + tree.json + [
      ("required", .array([.string("exchanges")])),
      (
        "$defs",
        .object([
          ("exchange", .object(exchange.json + [("required", .array(required))])),
          (
            "reference",
            .object([
              ("description", .string("A text with a reference: ${VAR}, ${file:/path}, ${credential:NAME}.")),
              ("type", .string("string")), ("pattern", .string("\\$\\{")),
            ])
          ),
        ])
      ),
    ]
  }()

  private static let delivery: [(key: String, value: JSONNode)] = [
    ("type", .array([.string("object"), .string("null")])),
    ("propertyNames", .object([("enum", .array(KnownNames.dataTypes.map(JSONNode.string)))])),
    (
      "additionalProperties",
      SettingsSchema.delivery.first.map { JSONSchemaText.key($0, defaults: .core) } ?? .boolean(true)
    ),
  ]

  private static let streams: [(key: String, value: JSONNode)] = {
    var stream = JSONSchemaSection()
    for row in SettingsSchema.stream {
      stream.put(JSONSchemaText.key(row, defaults: CollectorSettings.Stream()), at: row.key)
    }
    return [
      ("type", .array([.string("object"), .string("null")])),
      ("propertyNames", .object(ValueType.text(.name).jsonSchema)),
      ("additionalProperties", .object(stream.json)),
    ]
  }()

  private static let exchanges: [(key: String, value: JSONNode)] = {
    let entries: [(key: String, value: JSONNode)] = [
      ("type", .string("array")), ("minItems", .integer(1)),
      ("items", .object([("$ref", .string("#/$defs/exchange"))])),
    ]
    let file = JSONNode.object([("type", .string("string")), ("minLength", .integer(1))])
    let files: [(key: String, value: JSONNode)] = [
      ("type", .string("array")), ("minItems", .integer(1)), ("maxItems", .integer(256)), ("items", file),
    ]
    let configs: [(key: String, value: JSONNode)] = [
      ("type", .string("object")), ("properties", .object([("configs", .object(files))])),
      ("required", .array([.string("configs")])), ("additionalProperties", .boolean(false)),
    ]
    return [
      ("description", .string("One entry for every market to collect, or the files that hold the entries.")),
      ("oneOf", .array([.object(entries), .object(configs)])),
    ]
  }()
}

/// The schema of one key.
enum JSONSchemaText {
  static func key<Root>(_ row: SchemaKey<Root>, defaults: Root) -> JSONNode {
    var pairs: [(key: String, value: JSONNode)] = [("description", .string(row.help))]
    var alternatives = [JSONNode.object(row.type.jsonSchema), reference]
    if !row.required { alternatives.append(.object([("type", .string("null"))])) }
    pairs.append(("anyOf", .array(alternatives)))
    if !row.required && !row.alias { pairs.append(("default", row.type.json(row.read(defaults)))) }
    pairs.append(("x-reload", .string(row.reload.rawValue)))
    if Root.self == CollectorSettings.self {
      let variables = [EnvironmentKeys.variable(for: row.key)] + (row.environment.map { [$0] } ?? [])
      pairs.append(("x-environment", .array(variables.map(JSONNode.string))))
    }
    if row.secret { pairs.append(("x-secret", .boolean(true))) }
    if !row.used { pairs.append(("x-unused", .boolean(true))) }
    return .object(pairs)
  }

  /// A value as it is, or a text with a reference in it.
  static func orReference(_ schema: [(key: String, value: JSONNode)]) -> JSONNode {
    .object([("anyOf", .array([.object(schema), reference]))])
  }

  private static let reference = JSONNode.object([("$ref", .string("#/$defs/reference"))])
}

/// The schema of a map whose keys are known.
struct JSONSchemaSection {
  private var keys: [(key: String, value: JSONNode)] = []
  private var sections: [String: JSONSchemaSection] = [:]

  mutating func put(_ schema: JSONNode, at path: String) {
    let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard let key = parts.first else { return }
    if parts.count == 1 {
      keys.append((key, schema))
    } else {
      if sections[key] == nil { keys.append((key, .null)) }
      sections[key, default: JSONSchemaSection()].put(schema, at: parts[1])
    }
  }

  var json: [(key: String, value: JSONNode)] {
    let properties = keys.map { key, schema in (key: key, value: sections[key].map { .object($0.json) } ?? schema) }
    return [
      ("type", .array([.string("object"), .string("null")])), ("properties", .object(properties)),
      ("additionalProperties", .boolean(false)),
    ]
  }
}
