import AsyncHTTPClient
public import NIOCore

/// Small GET requests to venues: snapshots, instruments, open interest.
///
/// Every request has a deadline that covers name resolution to the last byte of the body, and a bound of the body.
/// Redirects are not followed: an answer that is no answer shows as its status. Call ``shutdown()`` before letting go.
public final class RESTClient: Sendable {
  private let client: HTTPClient

  /// A client whose sockets live on a group of event loops, which it does not own.
  public init(group: any EventLoopGroup, tlsRoots: TLSRoots = .system) {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.timeout.connect = .seconds(10)
    configuration.connectionPool.idleTimeout = .seconds(30)
    if case .file(let path) = tlsRoots {
      var tls = HTTPClient.Configuration().tlsConfiguration ?? .makeClientConfiguration()
      tls.trustRoots = .file(path)
      configuration.tlsConfiguration = tls
    }
    client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
  }

  /// Gets a resource.
  ///
  /// - Parameters:
  ///   - url: `http://…` or `https://…`.
  ///   - deadline: From now to the last byte.
  ///   - maxBytes: The largest body accepted.
  /// - Returns: The response, whatever its status.
  /// - Throws: ``RESTError``, or `CancellationError` when the task was cancelled.
  public func get(_ url: String, deadline: Duration, maxBytes: Int) async throws -> RESTResponse {
    let until = NIODeadline.now() + .nanoseconds(deadline.clampedNanoseconds)
    let request = Self.request(url)
    do {
      // The client's own deadline ends with the head; a body that drips would go on for ever.
      return try await withThrowingTaskGroup(of: RESTResponse?.self) { group in
        group.addTask { try await self.fetch(request, until: until, maxBytes: maxBytes) }
        group.addTask {
          try await Task.sleep(for: deadline)
          return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let response = first else { throw RESTError.timeout }
        return response
      }
    } catch let error as RESTError {
      throw error
    } catch is NIOTooManyBytesError {
      throw RESTError.tooLarge
    } catch let error as HTTPClientError where error == .deadlineExceeded || error == .connectTimeout {
      throw RESTError.timeout
    } catch {
      try Task.checkCancellation()
      throw RESTError.transport(transportErrorText(error))
    }
  }

  /// Closes all sockets; requests under way fail. Nothing may be asked afterwards.
  public func shutdown() async {
    // Fails only when it was shut down before, which is what was asked for.
    try? await client.shutdown()
  }

  private static func request(_ url: String) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: url)
    request.headers.add(name: "User-Agent", value: "marketprism-collector")
    request.headers.add(name: "Accept", value: "application/json")
    return request
  }

  private func fetch(_ request: HTTPClientRequest, until: NIODeadline, maxBytes: Int) async throws -> RESTResponse {
    let response = try await client.execute(request, deadline: until)
    if let length = response.headers.first(name: "Content-Length").flatMap(Int.init), length > maxBytes {
      throw RESTError.tooLarge
    }
    let body = try await response.body.collect(upTo: maxBytes)
    let headers = response.headers.map { ($0.name, $0.value) }
    return RESTResponse(status: Int(response.status.code), headers: headers, body: body)
  }
}
