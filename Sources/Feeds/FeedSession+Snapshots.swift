import Logging
import NIOCore
import Venues

extension FeedSession {
  /// The largest snapshot body that is read.
  private static let maximumSnapshotBytes = 8 << 20

  /// Sends the snapshot requests that are due, as far as the venue's budget allows, and sets the timer for the rest.
  func pumpSnapshots() {
    snapshotTimer?.cancel()
    snapshotTimer = nil
    guard connection?.isOpen == true else { return }
    while let place = snapshots.next(now: WallClock.monotonic()) {
      guard pipeline.isFollowing(place) else {
        snapshots.satisfied(place)
        continue
      }
      let request = configuration.venue.snapshotRequest(
        pipeline.decoder.instruments[place], depth: configuration.snapshotDepth)
      switch environment.budget.request(weight: request.weight) {
      case .go: fetch(request, place: place)
      case .wait(let delay):
        logger.debug("snapshots wait for the request budget", metadata: ["ms": "\(delay.milliseconds)"])
        return pumpSnapshots(in: delay)
      }
    }
    guard let due = snapshots.nextDue() else { return }
    pumpSnapshots(in: .nanoseconds(max(due &- WallClock.monotonic(), 1_000_000)))
  }

  private func pumpSnapshots(in delay: Duration) {
    snapshotTimer = loop.scheduleTask(in: TimeAmount(delay)) {
      self.snapshotTimer = nil
      self.pumpSnapshots()
    }
  }

  private func fetch(_ request: SnapshotRequest, place: Int) {
    let ticket = snapshots.began(place)
    let url = configuration.restURL + request.target
    Task {
      let result: Result<RESTResponse, any Error>
      do {
        result = .success(
          try await environment.rest.get(
            url, deadline: configuration.snapshotDeadline, maxBytes: Self.maximumSnapshotBytes))
      } catch {
        result = .failure(error)
      }
      loop.execute { self.snapshotArrived(result, place: place, limit: request.limit, ticket: ticket) }
    }
  }

  private func snapshotArrived(_ result: Result<RESTResponse, any Error>, place: Int, limit: Int, ticket: Int) {
    if case .success(let response) = result { environment.budget.responded(response) }
    // Asked for by a connection or a book that is gone: what it holds may be older than its successor's stream.
    guard snapshots.awaits(ticket, for: place) else { return }
    switch outcome(of: result, place: place, limit: limit) {
    case .synchronised:
      snapshots.satisfied(place)
      handOver()
    case .notWanted, .held: snapshots.satisfied(place)
    case .wantsNewer: snapshots.failed(place, now: WallClock.monotonic())
    }
    pipeline.requests.removeAll(keepingCapacity: true)
    pumpSnapshots()
  }

  private func outcome(
    of result: Result<RESTResponse, any Error>, place: Int, limit: Int
  ) -> ManagedBook.SnapshotOutcome {
    let instrument = pipeline.decoder.instruments[place]
    let symbol = instrument.venueSymbol
    switch result {
    case .failure(let error):
      snapshotFailures += 1
      snapshotProblems[instrument] = "its snapshot failed: \(error)"
      logger.warning("snapshot of \(symbol) failed: \(error)")
    case .success(let response) where response.status != 200:
      snapshotFailures += 1
      snapshotProblems[instrument] = "its snapshot was refused with HTTP status \(response.status)"
      let pause = response.retryAfter.map { ", retry after \($0.milliseconds) ms" } ?? ""
      logger.warning("snapshot of \(symbol) refused with HTTP status \(response.status)\(pause)")
    case .success(let response):
      do throws(DecodeFailure) {
        let outcome = try apply(response, place: place, limit: limit, symbol: symbol)
        snapshotProblems[instrument] = nil
        return outcome
      } catch {
        snapshotFailures += 1
        snapshotProblems[instrument] = "its snapshot could not be decoded"
        logger.warning("snapshot of \(symbol) could not be decoded: \(error.kind.rawValue) at \(error.field)")
      }
    }
    return .wantsNewer
  }

  private func apply(
    _ response: RESTResponse, place: Int, limit: Int, symbol: String
  ) throws(DecodeFailure) -> ManagedBook.SnapshotOutcome {
    let now = WallClock.nanoseconds()
    let body = Array(response.body.readableBytesView)
    var outcome = ManagedBook.SnapshotOutcome.wantsNewer
    var failure: DecodeFailure?
    body.withUnsafeBytes { bytes in
      do throws(DecodeFailure) {
        outcome = try pipeline.receiveSnapshot(
          bytes, instrument: place, limit: limit, receivedNS: now, publishedMS: now / 1_000_000)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    if outcome == .synchronised {
      logger.info("book of \(symbol) synchronised")
      noteSynchronised(place)
    }
    return outcome
  }
}
