/// Colours of a terminal (ECMA-48).
package enum Colour: Int {
  case red = 31
  case green = 32
  case yellow = 33
  case blue = 34
  case magenta = 35
  case cyan = 36

  /// The text in this colour.
  package func around(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }

  /// How well a state of the collector's health is.
  package static func of(state: String) -> Colour? {
    switch state {
    case "ok": .green
    case "degraded", "starting", "draining": .yellow
    case "failing": .red
    default: nil
    }
  }
}
