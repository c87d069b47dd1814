/// A point in time as nanoseconds since 1970 UTC, and its RFC 3339 text. Holds no clock.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public var nanoseconds: Int64

  /// Creates a point in time.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Whole milliseconds since 1970.
  @inlinable public var milliseconds: Int64 { nanoseconds / 1_000_000 }

  /// Whether the left one is earlier.
  @inlinable
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Nanoseconds from `earlier` to this one.
  @inlinable
  public func nanoseconds(since earlier: Timestamp) -> Int64 { nanoseconds &- earlier.nanoseconds }

  /// `2026-11-22T21:38:13Z`, with milliseconds where there are any: `2026-11-22T21:38:13.250Z`.
  public var rfc3339: String {
    let (days, secondOfDay) = Self.floorDivide(Self.floorDivide(nanoseconds, 1_000_000_000).quotient, 86_400)
    let millisecond = Self.floorDivide(Self.floorDivide(nanoseconds, 1_000_000).quotient, 1000).remainder
    let (year, month, day) = Self.civil(daysSince1970: days)
    var text = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T"
    text += "\(Self.padded(secondOfDay / 3600, 2)):\(Self.padded(secondOfDay / 60 % 60, 2)):"
    text += Self.padded(secondOfDay % 60, 2)
    if millisecond != 0 { text += "." + Self.padded(millisecond, 3) }
    return text + "Z"
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// The Gregorian date of a day number, by eras of 400 years that begin in March, so that the leap day comes last.
  private static func civil(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(daysSince1970 + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
