import AdminProtocol
import Agent
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Turns a request into a response: the table of routes, the bounds and the error shape.
final class APIResponder: Sendable {
  private let context: APIContext
  private let limits: HTTPLimits
  private let requests: Gate
  private let logger: Logger
  private let answered = Mutex<[Int: Int]>([:])
  /// The connections with a request under way; a connection has one at a time.
  private let busy = Mutex<[ObjectIdentifier: any Channel]>([:])

  init(service: any CollectorService, limits: HTTPLimits, logger: Logger) {
    context = APIContext(service: service, freshSnapshots: Gate(limit: limits.freshSnapshots))
    self.limits = limits
    self.logger = logger
    requests = Gate(limit: limits.requests)
  }

  /// How many requests got which status so far.
  var requestCounts: [(status: Int, count: Int)] {
    answered.withLock { $0.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
  }

  /// Cuts off the requests under way.
  func closeConnections() {
    for channel in busy.withLock({ Array($0.values) }) { channel.close(promise: nil) }
  }

  /// Answers one request on its connection.
  func respond(to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel) async throws {
    busy.withLock { $0[ObjectIdentifier(channel)] = channel }
    defer { busy.withLock { $0[ObjectIdentifier(channel)] = nil } }
    let answer = await answer(method: request.method.rawValue, target: request.head.path ?? "/")
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

  private func answer(method: String, target: String) async -> Answer {
    do throws(ProtocolError) {
      let (route, call) = try RouteTable.resolve(method: method, RequestTarget(target, limit: limits.targetBytes))
      guard requests.enter() else {
        throw ProtocolError(.tooManyRequests, "more than \(limits.requests) requests at the same time")
      }
      let (context, requests) = (context, requests)
      let outcome = await withDeadline(limits.requestDeadline) { () -> Answer in
        defer { requests.leave() }
        do throws(ProtocolError) {
          return try await route.handler(call, context)
        } catch {
          return Answer(error)
        }
      }
      guard let outcome else {
        logger.warning("an HTTP request took too long", metadata: ["path": "\(route.pattern.text)"])
        throw ProtocolError(.timeout, "no answer within \(limits.requestDeadline)")
      }
      return outcome
    } catch {
      return Answer(error)
    }
  }
}
