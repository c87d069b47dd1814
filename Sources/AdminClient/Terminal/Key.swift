/// A key, as a terminal sends it.
package enum Key: Sendable, Equatable {
  /// A letter, digit or sign.
  case text(Character)
  /// A letter held together with Ctrl, in lower case.
  case control(Character)
  case enter, tab, backspace, delete, escape
  case left, right, up, down, home, end, wordLeft, wordRight
  /// A key of which nothing is known.
  case other
}
