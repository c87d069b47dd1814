import MarketData

/// Something that happened to a session or a book.
public enum FeedEvent: Sendable, Equatable {
  /// A connection is open.
  case connected(session: String)
  /// A connection, or the try to make one, ended; nil milliseconds mean that no other try will follow.
  case disconnected(session: String, reason: String, retryInMS: Int64?)
  /// A book that was synchronised is not any more although its stream goes on.
  case bookLost(Instrument, reason: String)
  /// A book is synchronised.
  case bookSynchronised(Instrument)
}

extension FeedSession {
  func observe(_ notice: SessionNotice) {
    guard let observer = environment.observer else { return }
    switch notice {
    case .connected: observer(.connected(session: name))
    case .disconnected(let reason, let delay):
      observer(
        .disconnected(session: name, reason: reason.description, retryInMS: delay.map { $0.milliseconds }))
    case .connecting, .stopped: break
    }
  }

  /// Says so when the book at this place was good until now.
  func noteLoss(of place: Int) {
    guard goodBooks.contains(place), let book = pipeline.book(instrument: place), let reason = book.lossReason
    else { return }
    goodBooks.remove(place)
    environment.observer?(.bookLost(book.instrument, reason: reason.rawValue))
  }

  /// Says so when the book at this place was not good until now.
  func noteSynchronised(_ place: Int) {
    guard goodBooks.insert(place).inserted, let book = pipeline.book(instrument: place) else { return }
    environment.observer?(.bookSynchronised(book.instrument))
  }
}
