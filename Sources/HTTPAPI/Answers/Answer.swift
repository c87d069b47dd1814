import AdminProtocol

/// A status, a content type and a text.
struct Answer: Sendable {
  var status: Int
  var contentType: String
  var body: String
  /// The value of the `Allow` header, for 405.
  var allow: String?

  /// A JSON document.
  init(status: Int = 200, _ json: JSONValue) {
    self.status = status
    contentType = "application/json"
    body = json.text + "\n"
  }

  /// Any text.
  init(contentType: String, _ body: String) {
    status = 200
    self.contentType = contentType
    self.body = body
  }

  /// `{"error":{"code":"slug","message":"…","details":{…}}}`
  init(_ error: ProtocolError) {
    self.init(status: error.slug.code, ["error": Self.json(of: error)])
    if error.slug == .methodNotAllowed { allow = error.fields.first { $0.key == "allow" }?.value }
  }

  /// What stands under `error`.
  static func json(of error: ProtocolError) -> JSONValue {
    let details = error.fields.map { ($0.key, JSONValue.string($0.value)) }
    return ["code": .string(error.slug.slug), "message": .string(error.message), "details": .object(details)]
  }
}
