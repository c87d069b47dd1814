import AdminProtocol
import Agent
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Turns a request into a response: the table of routes, the bounds and the error shape. Outlives the listeners.
final class APIResponder: Sendable {
  private let service: any CollectorService
  private let freshSnapshots: Gate
  private let limits: HTTPLimits
  private let requests: Gate
  private let desk: ChangeDesk
  private let logger: Logger
  private let answered = Mutex<[Int: Int]>([:])
  private let token: Mutex<String?>

  init(service: any CollectorService, limits: HTTPLimits, tokenFile: String?, logger: Logger) {
    self.service = service
    self.limits = limits
    self.logger = logger
    freshSnapshots = Gate(limit: limits.freshSnapshots)
    requests = Gate(limit: limits.requests)
    desk = ChangeDesk(service: service, logger: logger)
    token = Mutex(tokenFile)
  }

  /// The file with the token that changing requests must carry; nil refuses all of them.
  var tokenFile: String? {
    get { token.withLock { $0 } }
    set { token.withLock { $0 = newValue } }
  }

  /// How many requests got which status so far.
  var requestCounts: [(status: Int, count: Int)] {
    answered.withLock { $0.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
  }

  /// Answers one request on its connection.
  func respond(
    to request: Hummingbird.Request, _ writer: consuming ResponseWriter, on channel: any Channel
  ) async throws {
    let answer = await answer(request, from: channel.remoteAddress?.ipAddress ?? "unknown")
    answered.withLock { $0[answer.status, default: 0] += 1 }
    let body = ByteBuffer(string: answer.body)
    var headers = HTTPFields()
    headers[.contentType] = answer.contentType
    headers[.contentLength] = String(body.readableBytes)
    headers[.cacheControl] = "no-store"
    headers[.date] = HTTPDate.now()
    headers[.server] = "marketprism-collector"
    if let allow = answer.allow { headers[.allow] = allow }
    let head = HTTPResponse(status: HTTPResponse.Status(code: answer.status), headerFields: headers)
    if request.method == .head {
      try await writer.writeResponse(head)
    } else {
      try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
    }
  }

  private func answer(_ request: Hummingbird.Request, from address: String) async -> Answer {
    do throws(ProtocolError) {
      let target = try RequestTarget(request.head.path ?? "/", limit: limits.targetBytes)
      let (route, call) = try RouteTable.resolve(method: request.method.rawValue, target)
      guard requests.enter() else {
        throw ProtocolError(.tooManyRequests, "more than \(limits.requests) requests at the same time")
      }
      switch route.action {
      case .read(let handler):
        let context = APIContext(service: service, freshSnapshots: freshSnapshots, address: address)
        return try await within(limits.requestDeadline, route) { () async throws(ProtocolError) in
          try await handler(call, context)
        }
      case .change(let change): return try await carryOut(change, request, route, call, from: address)
      }
    } catch {
      return Answer(error)
    }
  }

  private func carryOut(
    _ change: Route.Change, _ request: Hummingbird.Request, _ route: Route, _ call: RouteCall, from address: String
  ) async throws(ProtocolError) -> Answer {
    let caller = HTTPCaller.make(.operator, address)
    let command: ChangeDesk.Command
    do throws(ProtocolError) {
      try await desk.authorize(request.headers[.authorization], tokenFile: tokenFile)
      let body =
        change.takesBody
        ? try await RequestBodyReader.read(request, limit: limits.bodyBytes, within: limits.bodyDeadline) : []
      command = try ChangeDesk.Command(try change.command(call, body))
    } catch {
      requests.leave()
      desk.audit("\(change.method) \(route.pattern.text)", caller, Reply.failure(error).result, service.generation)
      throw error
    }
    let desk = desk
    return try await within(change.isLong ? limits.reloadDeadline : limits.requestDeadline, route) {
      await desk.run(command, for: caller)
    }
  }

  /// Waits for a handler, which counts as a request under way until it is over.
  private func within(
    _ limit: Duration, _ route: Route, _ handler: @escaping @Sendable () async throws(ProtocolError) -> Answer
  ) async throws(ProtocolError) -> Answer {
    let requests = requests
    let outcome = await withDeadline(limit) { () -> Answer in
      defer { requests.leave() }
      do throws(ProtocolError) {
        return try await handler()
      } catch {
        return Answer(error)
      }
    }
    guard let outcome else {
      logger.warning("an HTTP request took too long", metadata: ["path": "\(route.pattern.text)"])
      let rest = if case .change = route.action { "; its outcome is not known" } else { "" }
      throw ProtocolError(.timeout, "no answer within \(limit)\(rest)")
    }
    return outcome
  }
}
