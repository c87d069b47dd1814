/// A line while it is typed: takes keys, returns what to do about them. It knows no terminal.
package struct LineEditor {
  /// What a key asks for.
  package enum Action: Equatable {
    /// Show the line as it is now.
    case redraw
    /// There is nothing to do about it.
    case bell
    /// The line is entered.
    case submit(String)
    /// The line is given up.
    case cancel
    /// No more lines will come.
    case end
    /// Show the line on an empty screen.
    case clearScreen
    /// Words may be offered; show these below.
    case offer([CompletionEntry])
  }

  /// Characters of a line; the protocol takes 8 KiB.
  private static let limit = 8192

  /// The line.
  package private(set) var text: [Character] = []
  /// Characters before the cursor.
  package private(set) var cursor = 0
  /// What is searched for in the history; nil while nothing is.
  package private(set) var search: String?

  private let history: [String]
  private let completer: (String) -> Completion
  /// Where in the history the line is; its count for the line that is new.
  private var position: Int
  private var newLine: [Character] = []
  private var killed: [Character] = []
  private var lastWasTab = false

  /// Makes an empty line.
  ///
  /// - Parameters:
  ///   - history: Lines to go back to, the latest last.
  ///   - completer: What may follow the text before the cursor.
  package init(history: [String], completer: @escaping (String) -> Completion) {
    self.history = history
    self.completer = completer
    position = history.count
  }

  /// Takes a key.
  package mutating func take(_ key: Key) -> Action {
    let afterTab = lastWasTab
    lastWasTab = key == .tab
    if search != nil, let action = takeSearching(key) { return action }
    switch key {
    case .text(let character): return insert([character])
    case .enter: return .submit(String(text))
    case .tab: return complete(again: afterTab)
    case .backspace, .control("h"): return erase(from: cursor - 1, to: cursor)
    case .delete: return erase(from: cursor, to: cursor + 1)
    case .left, .control("b"): return move(to: cursor - 1)
    case .right, .control("f"): return move(to: cursor + 1)
    case .home, .control("a"): return move(to: 0)
    case .end, .control("e"): return move(to: text.count)
    case .wordLeft: return move(to: wordStart)
    case .wordRight: return move(to: wordEnd)
    case .up, .control("p"): return recall(position - 1)
    case .down, .control("n"): return recall(position + 1)
    case .control("u"): return kill(from: 0, to: cursor)
    case .control("k"): return kill(from: cursor, to: text.count)
    case .control("w"): return kill(from: blankWordStart, to: cursor)
    case .control("y"): return insert(killed)
    case .control("l"): return .clearScreen
    case .control("c"): return .cancel
    case .control("d"): return text.isEmpty ? .end : erase(from: cursor, to: cursor + 1)
    case .control("r"):
      search = ""
      return .redraw
    case .control, .escape, .other: return .bell
    }
  }

  private mutating func insert(_ characters: [Character]) -> Action {
    guard text.count + characters.count <= Self.limit else { return .bell }
    text.insert(contentsOf: characters, at: cursor)
    cursor += characters.count
    return .redraw
  }

  private mutating func erase(from start: Int, to end: Int) -> Action {
    guard start >= 0, end <= text.count, start < end else { return .bell }
    text.removeSubrange(start..<end)
    cursor = start
    return .redraw
  }

  private mutating func kill(from start: Int, to end: Int) -> Action {
    guard start < end else { return .redraw }
    killed = Array(text[start..<end])
    return erase(from: start, to: end)
  }

  private mutating func move(to place: Int) -> Action {
    guard (0...text.count).contains(place) else { return .bell }
    cursor = place
    return .redraw
  }

  private var wordStart: Int {
    var place = cursor
    while place > 0, !Self.isWord(text[place - 1]) { place -= 1 }
    while place > 0, Self.isWord(text[place - 1]) { place -= 1 }
    return place
  }

  private var wordEnd: Int {
    var place = cursor
    while place < text.count, !Self.isWord(text[place]) { place += 1 }
    while place < text.count, Self.isWord(text[place]) { place += 1 }
    return place
  }

  private var blankWordStart: Int {
    var place = cursor
    while place > 0, text[place - 1] == " " { place -= 1 }
    while place > 0, text[place - 1] != " " { place -= 1 }
    return place
  }

  private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  private mutating func recall(_ wanted: Int) -> Action {
    guard (0...history.count).contains(wanted) else { return .bell }
    if position == history.count { newLine = text }
    position = wanted
    set(wanted == history.count ? newLine : Array(history[wanted]))
    return .redraw
  }

  private mutating func set(_ line: [Character]) {
    text = line
    cursor = line.count
  }

  private mutating func complete(again: Bool) -> Action {
    let completion = completer(String(text[..<cursor]))
    let words = completion.entries.map(\.word)
    guard let first = words.first else { return .bell }
    let typed = completion.typed.count
    if words.count == 1 { return insert(Array(first.dropFirst(typed)) + [" "]) }
    let common = words.dropFirst().reduce(Array(first)) { common, word in
      Array(zip(common, word).prefix { $0 == $1 }.map(\.0))
    }
    if common.count > typed { return insert(Array(common.dropFirst(typed))) }
    return again ? .offer(completion.entries) : .bell
  }

  /// Nil when the search is over and the key is to be taken as any other.
  private mutating func takeSearching(_ key: Key) -> Action? {
    switch key {
    case .text(let character): return find((search ?? "") + String(character), before: history.count)
    case .backspace: return find(String((search ?? "").dropLast()), before: history.count)
    case .control("r"): return find(search ?? "", before: position)
    case .control("c"), .control("g"), .escape:
      search = nil
      position = history.count
      set(newLine)
      return .redraw
    default:
      search = nil
      return nil
    }
  }

  private mutating func find(_ wanted: String, before limit: Int) -> Action {
    search = wanted
    guard !wanted.isEmpty else { return .redraw }
    guard let found = history.prefix(limit).lastIndex(where: { $0.contains(wanted) }) else { return .bell }
    position = found
    set(Array(history[found]))
    return .redraw
  }
}
