/// Why a frame could not be decoded: the kind, which is counted, and the field, which is logged.
public struct DecodeFailure: Error, Sendable, Equatable {
  /// Kinds of failure, named as in metrics and in the replay's summary.
  public enum Kind: String, Sendable, CaseIterable {
    /// No JSON, or cut off.
    case malformedJSON = "malformed_json"
    /// Bytes that are no UTF-8.
    case invalidUTF8 = "invalid_utf8"
    /// A binary frame where only text is spoken.
    case binaryFrame = "binary_frame"
    /// A field of another JSON type than documented.
    case wrongType = "wrong_type"
    /// A number that is no plain decimal.
    case malformedNumber = "malformed_number"
    /// A number with more digits than can be held exactly, or a negative or absurd quantity, price or id.
    case numberOutOfRange = "number_out_of_range"
    /// A field that the message must have is absent.
    case missingField = "missing_field"
    /// An event name that is not known.
    case unknownEvent = "unknown_event"
    /// A symbol that was not subscribed to.
    case unknownSymbol = "unknown_symbol"

    /// The place in ``allCases``, for tables of counters.
    public var index: Int {
      switch self {
      case .malformedJSON: 0
      case .invalidUTF8: 1
      case .binaryFrame: 2
      case .wrongType: 3
      case .malformedNumber: 4
      case .numberOutOfRange: 5
      case .missingField: 6
      case .unknownEvent: 7
      case .unknownSymbol: 8
      }
    }
  }

  /// The kind of failure.
  public var kind: Kind
  /// The field it was found at.
  public var field: StaticString

  /// Creates a failure.
  public init(_ kind: Kind, field: StaticString) {
    self.kind = kind
    self.field = field
  }

  /// Whether kind and field are the same.
  public static func == (left: DecodeFailure, right: DecodeFailure) -> Bool {
    left.kind == right.kind && left.field.description == right.field.description
  }
}
