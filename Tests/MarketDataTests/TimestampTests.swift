import Glibc
import MarketData
import TestSupport
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "known points in time",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"), (999_999, "1970-01-01T00:00:00Z"),
      (1_000_000, "1970-01-01T00:00:00.001Z"), (-1_000_000_000, "1969-12-31T23:59:59Z"),
      (951_782_400_000_000_000, "2000-02-29T00:00:00Z"), (1_709_164_799_999_000_000, "2024-02-28T23:59:59.999Z"),
      (1_709_164_800_000_000_000, "2024-02-29T00:00:00Z"), (1_709_251_200_000_000_000, "2024-03-01T00:00:00Z"),
      (1_677_628_800_000_000_000, "2023-03-01T00:00:00Z"), (4_107_542_400_000_000_000, "2100-03-01T00:00:00Z"),
      (1_735_689_599_999_999_999, "2024-12-31T23:59:59.999Z"), (1_735_689_600_000_000_000, "2025-01-01T00:00:00Z"),
      (1_795_383_493_250_000_000, "2026-11-22T21:38:13.250Z"), (.max, "2262-04-11T23:47:16.854Z"),
      (.min, "1677-09-21T00:12:43.145Z"),
    ] as [(Int64, String)])
  func known(nanoseconds: Int64, text: String) {
    #expect(Timestamp(nanoseconds: nanoseconds).rfc3339 == text)
  }

  @Test("the C library's calendar says the same of thousands of random times")
  func againstTheCLibrary() {
    var random = Seeded(7)
    for _ in 0..<5_000 {
      let seconds = Int64(random.below(18_000_000_000)) - 9_000_000_000
      let millisecond = random.below(3) == 0 ? 0 : Int64(random.below(1000))
      let time = Timestamp(nanoseconds: seconds * 1_000_000_000 + millisecond * 1_000_000)
      #expect(time.rfc3339 == Self.text(seconds, millisecond))
    }
  }

  private static func text(_ seconds: Int64, _ millisecond: Int64) -> String {
    var clock = time_t(seconds)
    var parts = tm()
    gmtime_r(&clock, &parts)
    var buffer = [CChar](repeating: 0, count: 64)
    let length = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
    let whole = String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let padded = String(1000 + millisecond).dropFirst()
    return millisecond == 0 ? "\(whole)Z" : "\(whole).\(padded)Z"
  }

  @Test("order, milliseconds and distance")
  func arithmetic() {
    let early = Timestamp(nanoseconds: 1_500_000)
    let late = Timestamp(nanoseconds: 4_000_000)
    #expect(early < late)
    #expect(early.milliseconds == 1)
    #expect(late.nanoseconds(since: early) == 2_500_000)
    #expect(Timestamp(nanoseconds: .max).nanoseconds(since: Timestamp(nanoseconds: -1)) == .min)
  }
}
