/// Sums of counters whose parts may vanish: the books of a symbol that is no longer followed, a session that is closed.
///
/// A sum that falls would be read as a restart of the process. What vanishes is kept: the sums go on from where they were
/// seen last.
struct MonotoneCounters: Sendable {
  private struct Counter {
    var last = 0
    var vanished = 0
  }

  private var counters: [String: Counter] = [:]

  /// Takes the present sum of a counter.
  ///
  /// - Returns: the sum that never falls.
  mutating func total(_ name: String, _ sum: Int) -> Int {
    var counter = counters[name] ?? Counter()
    if sum < counter.last { counter.vanished &+= counter.last &- sum }
    counter.last = sum
    counters[name] = counter
    return sum &+ counter.vanished
  }
}
