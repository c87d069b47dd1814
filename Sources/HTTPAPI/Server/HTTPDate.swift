import Glibc
import MarketData

/// The `Date` header: `Sun, 22 Nov 2026 21:38:13 GMT` (RFC 9110, 5.6.7).
enum HTTPDate {
  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "01": "Jan", "02": "Feb", "03": "Mar", "04": "Apr", "05": "May", "06": "Jun", "07": "Jul", "08": "Aug",
    "09": "Sep", "10": "Oct", "11": "Nov", "12": "Dec",
  ]

  static func text(secondsSince1970 seconds: Int64) -> String {
    let parts = Timestamp(nanoseconds: seconds &* 1_000_000_000).rfc3339.split(whereSeparator: { "-TZ".contains($0) })
    guard parts.count == 4, seconds >= 0 else { return "Thu, 01 Jan 1970 00:00:00 GMT" }
    // 1970-01-01 was a Thursday.
    let day = days[Int((seconds / 86_400 + 4) % 7)]
    return "\(day), \(parts[2]) \(months[String(parts[1])] ?? "Jan") \(parts[0]) \(parts[3]) GMT"
  }

  static func now() -> String { text(secondsSince1970: Int64(time(nil))) }
}
