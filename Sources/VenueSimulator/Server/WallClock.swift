import Glibc

/// The time that Binance's messages carry.
enum WallClock {
  /// Milliseconds since 1970.
  static func milliseconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int(now.tv_sec) * 1000 + Int(now.tv_nsec) / 1_000_000
  }
}
