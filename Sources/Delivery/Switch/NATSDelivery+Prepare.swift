extension NATSDelivery {
  /// Opens a connection with other settings beside the running link, which is not touched.
  ///
  /// Every server is tried in turn until one takes the connection.
  ///
  /// - Parameters:
  ///   - settings: what the link is to be like.
  ///   - mayBeAway: whether a link that is down already may move to servers that are away too.
  ///   - limit: when to give up; held to within a second.
  /// - Throws: why no server took the connection; of several servers, why each did not.
  public func prepare(
    _ settings: LinkSettings, mayBeAway: Bool, within limit: Duration
  ) async throws(LinkFailure) -> LinkCandidate {
    let wasUp = status.isUp
    let end = SystemClock.monotonic() &+ limit.nanoseconds
    let outcome = await Thread.result(name: "nats-prepare") { [shared, diallerBeside] in
      DialBeside(settings: settings, dialler: diallerBeside, closureBits: shared.closureBits, end: end).run()
    }
    switch outcome {
    case .connected(let connection, let server)?:
      return LinkCandidate(settings: settings, server: server, connection: connection, absence: nil, shared: shared)
    case .failed(let failure)?:
      guard mayBeAway, !wasUp, failure.kind.isAbsence else { throw failure }
      return LinkCandidate(settings: settings, server: 0, connection: nil, absence: failure, shared: shared)
    case nil:
      throw LinkFailure(.protocolError, "no thread for dialling could be made")
    }
  }
}

/// One round over the servers, on a thread of its own.
struct DialBeside: Sendable {
  enum Outcome: Sendable {
    case connected(NATSConnection, server: Int)
    case failed(LinkFailure)
  }

  var settings: LinkSettings
  var dialler: Dialler
  var closureBits: UInt
  /// When it must be over, on the monotonic clock.
  var end: Int64

  func run() -> Outcome {
    var failures: [LinkFailure] = []
    for (index, url) in settings.urls.enumerated() {
      let server = ServerAddress(url)
      let rest = end &- SystemClock.monotonic()
      guard rest > 0 else {
        failures.append(LinkFailure(.timeout, "no time left to try it (\(server.endpoint))"))
        break
      }
      var attempt = settings
      let patience = Duration.nanoseconds(rest &- Dialler.allowance)
      attempt.connectTimeout = max(.milliseconds(100), min(settings.connectTimeout, patience))
      do throws(LinkFailure) {
        let connection = try dialler.dial(server, settings: attempt, closureBits: closureBits, waiting: {})
        return .connected(connection, server: index)
      } catch {
        failures.append(error)
        // The same files for every server.
        if error.kind == .certificate { return .failed(error) }
      }
    }
    return .failed(Self.summary(of: failures))
  }

  /// One failure out of several: of its kind is the first that trying again later would not mend.
  static func summary(of failures: [LinkFailure]) -> LinkFailure {
    guard let chosen = failures.first(where: { !$0.kind.isAbsence }) ?? failures.first else {
      return LinkFailure(.invalidAddress, "no server is configured")
    }
    return LinkFailure(chosen.kind, failures.map(\.text).joined(separator: "; "), file: chosen.file)
  }
}
