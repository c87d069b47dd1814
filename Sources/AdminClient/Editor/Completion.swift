import AdminProtocol

/// What may follow the text before the cursor.
package struct Completion {
  /// The beginning of the word at the cursor.
  package var typed: String
  /// Words that begin so.
  package var entries: [CompletionEntry]

  /// Words of the grammar that may follow, after the last request of the line.
  package static func following(_ text: String) -> Completion {
    let request = text.split(separator: ";", omittingEmptySubsequences: false).last ?? ""
    var words = request.split(separator: " ").map(String.init)
    // After a blank the word at the cursor is new.
    let typed = request.isEmpty || request.last == " " ? "" : words.popLast() ?? ""
    if words.first == "json" { words.removeFirst() }
    // What is explained is named like what is done.
    if words.first == "help" { words.removeFirst() }
    guard let state = CompletionState.following(words) else { return Completion(typed: typed, entries: []) }
    let keyword = state.words.first { $0.word == words.last && $0.value != nil && words.count > state.path.count }
    if keyword != nil { return Completion(typed: typed, entries: []) }
    // Words of a command's name may follow only at once: «nats status n» is none.
    let isWhole = CommandTable.all.contains { $0.words == state.path }
    if words.count > state.path.count && !isWhole { return Completion(typed: typed, entries: []) }
    return Completion(typed: typed, entries: state.words.filter { $0.word.hasPrefix(typed) })
  }
}
