import MarketData

/// What kind of frame was decoded.
public enum FrameKind: Sendable, Equatable {
  /// Market data; the number is the place in the decoder's ``FrameDecoder/messageNames``.
  case market(Int)
  /// An answer to a request of ours.
  case acknowledgement(id: Int64)
  /// A request of ours was refused.
  case refusal(id: Int64?, code: Int64, message: String)
  /// The exchange announces that it is going to close the connection.
  case shutdownNotice
}

/// Turns the frames of one connection into events. A class for each venue; one instance for each connection.
///
/// A base class and not a protocol, so that a call on the per-message path is one indirect jump.
open class FrameDecoder {
  /// The instruments that events refer to by their place.
  public internal(set) var instruments: [Instrument]
  /// Names of the messages that ``FrameKind/market(_:)`` counts, as in metrics and the replay's summary.
  public let messageNames: [String]

  init(instruments: [Instrument], messageNames: [String]) {
    self.instruments = instruments
    self.messageNames = messageNames
  }

  /// Decodes one text frame.
  ///
  /// - Parameter batch: gets the frame's events; whatever it held is removed first.
  /// - Throws: ``DecodeFailure``; the batch then holds nothing that may be used.
  open func decode(_ frame: UnsafeRawBufferPointer, into batch: inout EventBatch) throws(DecodeFailure) -> FrameKind {
    throw DecodeFailure(.unknownEvent, field: "frame")
  }

  /// Decodes the body of a REST order book snapshot.
  ///
  /// - Returns: its head; first and last id are the snapshot's.
  /// - Throws: ``DecodeFailure``.
  open func decodeSnapshot(_ body: UnsafeRawBufferPointer, levels: inout LevelBuffer) throws(DecodeFailure)
    -> DepthHeader
  {
    throw DecodeFailure(.unknownEvent, field: "snapshot")
  }

  /// Whether `frame` is the bare body of a REST snapshot, as some recordings hold it among the frames.
  open func isSnapshotBody(_ frame: UnsafeRawBufferPointer) -> Bool { false }

  /// The place of an instrument by the exchange's spelling; a decoder that learns symbols then knows it.
  open func place(of symbol: String) -> Int? { nil }

  /// Makes an instrument known to a decoder in use.
  ///
  /// - Returns: its place; the one it has already when it is known.
  open func add(_ instrument: Instrument) -> Int { 0 }
}
