/// The answer to one request, before it is written as text or JSON.
public struct Reply: Sendable, Equatable {
  /// Lines for people; one with a line end in it becomes several.
  public var body: [String]
  /// What the trailer says.
  public var fields: [ReplyField]
  /// Set when the request was refused or failed.
  public var error: ProtocolError?
  /// The same facts for programs. When nil, a JSON reply carries the fields and the body.
  public var data: JSONValue?
  /// Whether the command changed anything; nil for one that never does.
  public var changed: Bool?
  /// The active settings generation.
  public var generation: Int?
  /// What the caller should know although it worked.
  public var warnings: [String]
  /// The connection ends after this reply.
  public var closes: Bool

  /// Makes a reply.
  public init(
    body: [String] = [], fields: [ReplyField] = [], error: ProtocolError? = nil, data: JSONValue? = nil,
    changed: Bool? = nil, generation: Int? = nil, warnings: [String] = [], closes: Bool = false
  ) {
    self.body = body
    self.fields = fields
    self.error = error
    self.data = data
    self.changed = changed
    self.generation = generation
    self.warnings = warnings
    self.closes = closes
  }

  /// A reply that is nothing but an error.
  public static func failure(_ error: ProtocolError) -> Reply { Reply(error: error) }

  /// `ok`, or the error's code and slug; for logs.
  public var result: String { error.map { "\($0.slug.code) \($0.slug.slug)" } ?? "ok" }
}
