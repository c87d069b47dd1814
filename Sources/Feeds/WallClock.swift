import Glibc
import MarketData

/// The clocks of the I/O layer; machines below it get times handed in.
public enum WallClock {
  /// Nanoseconds since 1970 UTC.
  @inline(__always)
  public static func nanoseconds() -> Int64 { read(CLOCK_REALTIME) }

  /// The present time.
  public static func now() -> Timestamp { Timestamp(nanoseconds: nanoseconds()) }

  /// Nanoseconds of a clock that nobody sets.
  @inline(__always)
  public static func monotonic() -> Int64 { read(CLOCK_MONOTONIC) }

  @inline(__always)
  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
