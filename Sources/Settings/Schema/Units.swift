/// Durations and sizes as people write them: a whole number and a unit.
enum Units {
  /// Units of time in nanoseconds, ascending.
  static let time: [(name: String, factor: Int)] = [
    ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
    ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
  ]
  /// Units of size in bytes; the first that divides a value evenly is the one it is shown in.
  static let size: [(name: String, factor: Int)] = [
    ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("kB", 1_000), ("B", 1),
  ]

  /// Why a text is no quantity.
  enum Problem: Error, Equatable {
    case notANumber
    case noUnit
    case unknownUnit
    case tooLarge
  }

  /// The number of base units (nanoseconds, bytes) a text stands for.
  static func parse(_ text: String, _ units: [(name: String, factor: Int)]) -> Result<Int, Problem> {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return .failure(.notANumber) }
    let unit = text.dropFirst(digits.count)
    guard !unit.isEmpty else { return .failure(.noUnit) }
    guard let factor = units.first(where: { $0.name == unit })?.factor else {
      return .failure(unit.allSatisfy { $0.isASCII && $0.isLetter } ? .unknownUnit : .notANumber)
    }
    guard let number = Int(digits) else { return .failure(.tooLarge) }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? .failure(.tooLarge) : .success(product)
  }

  /// A duration in the largest unit that divides it evenly: `90s`, `2m`, `500ms`.
  static func show(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let (whole, overflow) = Int(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (nanoseconds, carry) = whole.addingReportingOverflow(Int(attoseconds / 1_000_000_000))
    if overflow || carry { return "\(seconds)s" }
    if nanoseconds == 0 { return "0s" }
    // Days are not used for showing: everybody writes 24h and 48h.
    let unit = time.last { $0.name != "d" && nanoseconds % $0.factor == 0 }
    return unit.map { "\(nanoseconds / $0.factor)\($0.name)" } ?? "\(nanoseconds)ns"
  }

  /// A size in the largest unit that divides it evenly: `8MiB`, `1GB`, `8191B`.
  static func show(bytes: Int) -> String {
    if bytes <= 0 { return bytes == 0 ? "0B" : "\(bytes)" }
    let unit = size.first { bytes % $0.factor == 0 }
    return unit.map { "\(bytes / $0.factor)\($0.name)" } ?? "\(bytes)B"
  }
}
