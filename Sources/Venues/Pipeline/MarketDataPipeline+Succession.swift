import MarketData

/// Taking the place of another connection to the same streams, and giving it up, without an event lost or doubled as far
/// as the exchange's ids tell them apart.
extension MarketDataPipeline {
  /// How far the encoding of an instrument has come; what another connection went on from counts as encoded.
  public func marks(of place: Int) -> PublicationMarks {
    guard marks.indices.contains(place) else { return PublicationMarks() }
    return marks[place].later(floors[place])
  }

  /// Goes on from where another connection has come: its events are not encoded again should they arrive here later.
  ///
  /// Every whole book is encoded anew, at once, or where this connection is behind the other, with the first change
  /// beyond it: whoever follows the changes is right again from there even if the two connections cut them differently.
  ///
  /// - Parameter past: by place; a place without marks goes on from here.
  public func succeed(_ past: [Int: PublicationMarks], receivedNS: Int64, publishedMS: Int64) {
    let context = EventEncoder.Context(receivedMS: receivedNS / 1_000_000, publishedMS: publishedMS)
    hasFloors = true
    for place in followedPlaces {
      floors[place] = past[place] ?? PublicationMarks()
      guard let book = book(instrument: place), book.isSynchronised else { continue }
      encodeWhole(book, place, context)
    }
  }

  /// Ends what ``succeed(_:receivedNS:publishedMS:)`` began: an exchange that counts anew must not be passed over for ever.
  ///
  /// - Returns: the instruments whose events had not come to where the other connection was.
  @discardableResult
  public func endSuccession(publishedMS: Int64) -> Int {
    guard hasFloors else { return 0 }
    hasFloors = false
    var behind = 0
    for place in floors.indices {
      floors[place] = PublicationMarks()
      guard owesWhole[place] else { continue }
      owesWhole[place] = false
      behind += 1
      guard let book = book(instrument: place), book.isSynchronised else { continue }
      encodeWhole(
        book, place, EventEncoder.Context(receivedMS: book.receivedNS / 1_000_000, publishedMS: publishedMS))
    }
    return behind
  }

  /// Stops encoding an instrument's events; its book is kept, and it is followed all the same.
  public func silence(_ place: Int) {
    guard isFollowing(place) else { return }
    silenced[place] = true
    encoders[place] = nil
  }

  /// Encodes an instrument's events again, beginning with its whole book.
  public func voice(_ place: Int, receivedNS: Int64, publishedMS: Int64) {
    guard isFollowing(place), silenced[place] else { return }
    silenced[place] = false
    encoders[place] = encoder(place)
    guard let book = book(instrument: place), book.isSynchronised else { return }
    encodeWhole(book, place, EventEncoder.Context(receivedMS: receivedNS / 1_000_000, publishedMS: publishedMS))
  }

  /// Whether the instrument's events are not encoded although it is followed.
  public func isSilenced(_ place: Int) -> Bool { silenced.indices.contains(place) && silenced[place] }
}
