import AdminProtocol
import Agent

/// What reading handlers work with.
struct APIContext: Sendable {
  let service: any CollectorService
  let freshSnapshots: Gate
  /// Where the request came from.
  let address: String
}

/// One row of the table of routes.
struct Route: Sendable {
  typealias Handler = @Sendable (RouteCall, APIContext) async throws(ProtocolError) -> Answer

  /// What a request does.
  enum Action: Sendable {
    /// It only looks: GET and HEAD.
    case read(Handler)
    /// It changes something, and takes the token.
    case change(Change)
  }

  /// A request that is a command of the admin socket in other words.
  struct Change: Sendable {
    let method: String
    /// Whether a body must come with it.
    let takesBody: Bool
    /// Whether it may take as long as a reload.
    var isLong: Bool { !takesBody }
    /// The command, its words unquoted.
    let command: @Sendable (RouteCall, [UInt8]) throws(ProtocolError) -> [String]
  }

  /// The key in `endpoints` of `/api/v1/data-center/info`.
  let name: String
  let pattern: PathPattern
  /// The names the query may have.
  let query: [String]
  let action: Action

  /// A path that can be looked at.
  init(_ name: String, _ path: String, query: [String] = [], _ handler: @escaping Handler) {
    self.name = name
    pattern = PathPattern(path)
    self.query = query
    action = .read(handler)
  }

  /// A path that changes something.
  init(_ name: String, _ path: String, query: [String] = [], _ change: Change) {
    self.name = name
    pattern = PathPattern(path)
    self.query = query
    action = .change(change)
  }

  /// The path as the list of endpoints shows it: with the method unless it is GET.
  var shown: String {
    switch action {
    case .read: pattern.text
    case .change(let change): "\(change.method) \(pattern.text)"
    }
  }

  /// The methods that mean this row.
  var methods: [String] {
    switch action {
    case .read: ["GET", "HEAD"]
    case .change(let change): [change.method]
    }
  }
}
