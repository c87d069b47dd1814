import MarketData
import NIOCore

extension FeedSession {
  /// Succeeds once the session is at rest, or was never started; does not end it. Any thread.
  func closed() -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    loop.execute {
      if self.machine.state == .stopping { self.stopped.append(promise) } else { promise.succeed() }
    }
    return promise.futureResult
  }

  /// Gives the connection up for another, or dials at once when it waits to. On the loop.
  ///
  /// - Returns: whether there was anything to do.
  func redial() -> Bool {
    let actions = machine.redial(.closedByUs)
    perform(actions)
    return !actions.isEmpty
  }

  /// Throws a book away and asks for a snapshot. On the loop.
  ///
  /// - Returns: whether the book was synchronised; nil when this session keeps none of the instrument.
  func resynchronise(_ instrument: Instrument) -> Bool? {
    guard let place = pipeline.decoder.place(of: instrument.venueSymbol), let book = pipeline.book(instrument: place)
    else { return nil }
    guard book.isSynchronised else { return false }
    book.lose(.discarded)
    noteLoss(of: place)
    // An answer that is under way was asked for to widen the book that is gone.
    snapshots.satisfied(place)
    snapshots.want(place, now: WallClock.monotonic())
    pumpSnapshots()
    return true
  }
}
