import Glibc

/// One line of the result.
struct Row {
  /// What one pass handled.
  struct Amount {
    var count: Int
    var unit: String
  }

  var name: String
  var amounts: [Amount]
  /// Median CPU seconds of a pass.
  var seconds: Double
  /// Median CPU seconds of the yardstick over as many bytes, run directly beside each pass.
  var yardstickSeconds: Double

  /// Time as a multiple of the yardstick's: less is better, and the machine's speed and load are out of it.
  var ratio: Double { yardstickSeconds > 0 ? seconds / yardstickSeconds : 0 }
}

/// The yardstick: FNV-1a over the same number of bytes, a dependent multiplication a byte. It reads each byte once, can
/// be neither vectorised nor skipped, and so tells how fast this core is going just now.
enum Yardstick {
  @inline(never)
  static func pass(over bytes: UnsafeRawBufferPointer) -> UInt64 {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return value
  }
}

enum Measurement {
  /// CPU seconds of this thread: time that other processes had the core does not count.
  static var cpuSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// Runs `prepare` (not measured) and `pass` `rounds` times after one that does not count, the yardstick beside each.
  static func row<Prepared>(
    _ name: String, rounds: Int, bytes: UnsafeRawBufferPointer, prepare: () -> Prepared,
    pass: (Prepared) -> [Row.Amount]
  ) -> Row {
    var passes: [Double] = []
    var yardsticks: [Double] = []
    var amounts: [Row.Amount] = []
    var checksum: UInt64 = 0
    for round in 0...max(1, rounds) {
      let prepared = prepare()
      let start = cpuSeconds
      amounts = pass(prepared)
      let end = cpuSeconds
      checksum ^= Yardstick.pass(over: bytes)
      guard round > 0 else { continue }
      yardsticks.append(cpuSeconds - end)
      passes.append(end - start)
    }
    // Using the checksum keeps the yardstick's work from being left out.
    precondition(checksum != 1)
    return Row(name: name, amounts: amounts, seconds: median(passes), yardstickSeconds: median(yardsticks))
  }
}
