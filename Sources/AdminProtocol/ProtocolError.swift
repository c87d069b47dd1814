/// One `key=value` of a trailer.
public struct ReplyField: Sendable, Equatable {
  /// Letters, digits, `_`, `.` and `-`; the writer replaces anything else.
  public var key: String
  /// Any text; the writer quotes it where needed.
  public var value: String

  /// Makes a field.
  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}

/// Why a request was refused or failed: a published slug, a message for people, fields for scripts.
public struct ProtocolError: Error, Sendable, Equatable {
  /// Which published error it is.
  public var slug: ErrorSlug
  /// One sentence for a person.
  public var message: String
  /// Details for scripts.
  public var fields: [ReplyField]

  /// Makes an error.
  public init(_ slug: ErrorSlug, _ message: String, fields: [ReplyField] = []) {
    self.slug = slug
    self.message = message
    self.fields = fields
  }
}
