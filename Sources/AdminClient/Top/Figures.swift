/// Numbers as they are shown where there is little room.
package enum Figures {
  /// Per second, from two counts; nil where there is nothing to compare, or the count began anew.
  package static func rate(_ before: Int64?, _ after: Int64?, over time: Duration) -> Int64? {
    guard let before, let after, after >= before, time > .zero else { return nil }
    let (difference, overflow) = after.subtractingReportingOverflow(before)
    guard !overflow else { return nil }
    let (seconds, attoseconds) = time.components
    let rate = Double(difference) / (Double(seconds) + Double(attoseconds) / 1e18)
    return rate < 1e15 ? Int64(rate.rounded()) : nil
  }

  /// A count in at most six columns, such as `12345`, `123 k` or `12 M`; `-` for none.
  package static func count(_ value: Int64?) -> String {
    guard let value else { return "-" }
    switch value {
    case ..<100_000: return String(value)
    case ..<10_000_000: return "\(value / 1000) k"
    case ..<10_000_000_000: return "\(value / 1_000_000) M"
    default: return "\(value / 1_000_000_000) G"
    }
  }

  /// Bytes in binary units.
  package static func bytes(_ value: Int64?) -> String {
    guard let value else { return "-" }
    switch value {
    case ..<1024: return "\(value) B"
    case ..<(1024 << 10): return "\(value >> 10) KiB"
    case ..<(1024 << 20): return "\(value >> 20) MiB"
    default: return "\(value >> 30) GiB"
    }
  }

  /// Milliseconds in at most six columns.
  package static func milliseconds(_ value: Int64?) -> String {
    guard let value else { return "-" }
    switch value {
    case ..<10_000: return "\(value) ms"
    case ..<1_000_000: return "\(value / 1000) s"
    default: return "\(value / 60_000) m"
    }
  }

  /// Seconds as days, hours, minutes.
  package static func time(_ seconds: Int64?) -> String {
    guard let seconds, seconds >= 0 else { return "-" }
    let (minutes, rest) = (seconds / 60, seconds % 60)
    let (hours, minute) = (minutes / 60, minutes % 60)
    if hours >= 24 { return "\(hours / 24)d\(hours % 24)h" }
    if hours > 0 { return "\(hours)h\(minute)m" }
    return minute > 0 ? "\(minute)m\(rest)s" : "\(rest)s"
  }
}
