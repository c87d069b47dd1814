/// What was measured, as lines for people or as one JSON object.
struct Report {
  var traffic: String
  var rounds: Int
  var rows: [Row]
  /// Allocations of a steady-state pass, by name of the row.
  var allocations: [(name: String, allocations: Int, messages: Int)]
  /// Comparisons of the books with the exchange's best prices, so that no figure stands for a wrong book.
  var checkpoints: (matched: Int, mismatched: Int)

  var text: String {
    var lines = [
      "traffic  \(traffic)",
      "books    \(checkpoints.matched) checkpoints matched, \(checkpoints.mismatched) mismatched",
      "CPU time of one thread, median of \(rounds) rounds. × is the time as a multiple of a plain byte-at-a-time hash",
      "(FNV-1a) over as many bytes, run beside every round: less is better, whatever the machine.",
      "",
    ]
    for row in rows {
      let figures = row.amounts.map { Self.right(Self.grouped(Self.rate($0, row)), 13) + " \($0.unit)/s" }
      lines.append(
        Self.left(row.name, 24) + Self.right(Self.fixed(row.ratio, 2), 6) + " ×" + figures.joined(separator: "  "))
    }
    lines.append("")
    for row in allocations {
      let each = Self.fixed(Double(row.allocations) / Double(max(1, row.messages)), 4)
      lines.append(
        "allocations a message, \(row.name): \(each) (\(row.allocations) in \(Self.grouped(row.messages)) messages)")
    }
    return lines.joined(separator: "\n")
  }

  var json: String {
    let rows = rows.map { row in
      let rates = row.amounts.map { "\"\($0.unit)_per_second\":\(Self.rate($0, row))" }
      return
        "{\"name\":\"\(row.name)\",\"ratio\":\(Self.fixed(row.ratio, 3)),\"seconds\":\(Self.fixed(row.seconds, 6)),"
        + "\"yardstick_seconds\":\(Self.fixed(row.yardstickSeconds, 6)),\(rates.joined(separator: ","))}"
    }
    let allocations = allocations.map { row in
      "{\"name\":\"\(row.name)\",\"allocations\":\(row.allocations),\"messages\":\(row.messages)}"
    }
    return "{\"rounds\":\(rounds),\"checkpoints\":{\"matched\":\(checkpoints.matched),"
      + "\"mismatched\":\(checkpoints.mismatched)},\"rows\":[\(rows.joined(separator: ","))],"
      + "\"allocations\":[\(allocations.joined(separator: ","))]}"
  }

  private static func rate(_ amount: Row.Amount, _ row: Row) -> Int {
    row.seconds > 0 ? Int(Double(amount.count) / row.seconds) : 0
  }

  private static func grouped(_ value: Int) -> String {
    var text = ""
    for (place, digit) in String(value).reversed().enumerated() {
      if place > 0, place % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  private static func fixed(_ value: Double, _ places: Int) -> String {
    var factor = 1
    for _ in 0..<places { factor *= 10 }
    let scaled = Int((value * Double(factor)).rounded())
    let fraction = String(scaled % factor)
    return "\(scaled / factor)." + String(repeating: "0", count: places - fraction.count) + fraction
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
