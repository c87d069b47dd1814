/// A request that a client sends over its WebSocket: `{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}`.
package struct ClientRequest: Sendable, Equatable {
  /// What is asked for.
  package enum Method: String, Sendable {
    case subscribe = "SUBSCRIBE"
    case unsubscribe = "UNSUBSCRIBE"
    case list = "LIST_SUBSCRIPTIONS"
  }

  /// Why a request cannot be carried out, in the exchange's numbers.
  package struct Failure: Error, Equatable {
    package let code: Int
    package let message: String
    /// The request's id as written, `null` when it could not be read.
    package let id: String
  }

  package let method: Method
  package let params: [String]
  /// The id as written: a number, a quoted text or `null`.
  package let id: String

  package static func parse(_ bytes: [UInt8]) throws(Failure) -> ClientRequest {
    var reader = RequestReader(bytes)
    guard let fields = reader.object() else {
      throw Failure(code: 3, message: "Invalid JSON: expected a request object", id: "null")
    }
    var id = "null"
    if let value = fields["id"] {
      guard case .scalar(let text) = value, text != "true", text != "false" else {
        throw Failure(
          code: 2, message: "Invalid request: request ID must be an unsigned integer or a string", id: "null")
      }
      id = text
    }
    guard case .scalar(let quoted)? = fields["method"], quoted.utf8.first == 0x22 else {
      throw Failure(code: 2, message: "Invalid request: missing field `method`", id: id)
    }
    guard let method = Method(rawValue: String(quoted.dropFirst().dropLast())) else {
      throw Failure(code: 2, message: "Invalid request: unknown variant", id: id)
    }
    var params: [String] = []
    if method != .list {
      guard case .texts(let texts)? = fields["params"] else {
        throw Failure(code: 2, message: "Invalid request: params must be an array of strings", id: id)
      }
      params = texts
    }
    return ClientRequest(method: method, params: params, id: id)
  }
}

/// Reads the small JSON objects that requests are: scalars and arrays of texts, nothing nested deeper.
private struct RequestReader {
  enum Value {
    /// The token as written, quotes included.
    case scalar(String)
    case texts([String])
  }

  private var scanner: ByteScanner

  init(_ bytes: [UInt8]) { scanner = ByteScanner(bytes[...]) }

  mutating func object() -> [String: Value]? {
    var fields: [String: Value] = [:]
    guard take("{") else { return nil }
    while !take("}") {
      if !fields.isEmpty, !take(",") { return nil }
      guard let key = quoted(), take(":"), let value = value() else { return nil }
      fields[String(key.dropFirst().dropLast())] = value
    }
    skipSpace()
    return scanner.isAtEnd ? fields : nil
  }

  private mutating func value() -> Value? {
    guard take("[") else { return scalar().map(Value.scalar) }
    var texts: [String] = []
    while !take("]") {
      if !texts.isEmpty, !take(",") { return nil }
      guard let text = quoted() else { return nil }
      texts.append(String(text.dropFirst().dropLast()))
    }
    return .texts(texts)
  }

  private mutating func scalar() -> String? {
    skipSpace()
    if let text = quoted() { return text }
    for word in ["null", "true", "false"] where scanner.rest.starts(with: word.utf8) {
      scanner.position += word.utf8.count
      return word
    }
    return scanner.number().map(String.init)
  }

  /// Stream names and ids need no escapes, so a backslash is refused.
  private mutating func quoted() -> String? {
    guard take("\""), let text = scanner.take(until: 0x22), !text.contains(0x5C),
      text.allSatisfy({ $0 >= 0x20 })
    else { return nil }
    return "\"" + String(decoding: text, as: UTF8.self) + "\""
  }

  private mutating func take(_ text: StaticString) -> Bool {
    skipSpace()
    return scanner.skip(text)
  }

  private mutating func skipSpace() {
    while scanner.skip(" ") || scanner.skip("\n") || scanner.skip("\r") || scanner.skip("\t") {}
  }
}
