/// Durations as operators write them: whole numbers with units, the largest first, such as `90s` or `1h30m`.
public enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// The duration, nil unless it is well-formed, more than nothing and at most 366 days.
  public static func parse(_ text: String) -> Duration? {
    var rest = text.utf8[...]
    var total: Int64 = 0
    var unitsLeft = units[...]
    while !rest.isEmpty {
      let digits = rest.prefix { isDigit($0) }
      rest = rest[digits.endIndex...]
      let unit = rest.prefix { !isDigit($0) }
      rest = rest[unit.endIndex...]
      guard let number = Int64(String(Substring(digits))),
        let index = unitsLeft.firstIndex(where: { $0.name.utf8.elementsEqual(unit) })
      else { return nil }
      let (part, overflow) = number.multipliedReportingOverflow(by: unitsLeft[index].milliseconds)
      let (sum, sumOverflow) = total.addingReportingOverflow(part)
      if overflow || sumOverflow { return nil }
      total = sum
      unitsLeft = unitsLeft[(index + 1)...]
    }
    guard total > 0, total <= 366 * 86_400_000 else { return nil }
    return .milliseconds(total)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
