import AdminProtocol

/// The screen as lines, each exactly as wide as the terminal. Knows no terminal.
package struct TopScreen {
  /// The newest sample; nil before the first, and while nothing answers.
  package var sample: TopSample?
  /// The one before, for rates.
  package var previous: TopSample?
  /// Why there is no sample.
  package var problem: String?
  /// No new samples are taken.
  package var isPaused = false

  private let columns: Int
  private let rows: Int
  private let colours: Bool

  /// Makes a screen.
  package init(columns: Int, rows: Int, colours: Bool) {
    self.columns = max(20, columns)
    self.rows = max(4, rows)
    self.colours = colours
  }

  /// The lines; as many as the terminal has.
  package var lines: [String] {
    var lines = head
    let room = rows - lines.count - 1
    if let sample {
      // Headings count too; sessions come first, books get what is left, at least a third.
      let sessionRows = min(sample.sessions.count, max(1, room - 2 - min(sample.books.count, max(2, room / 2))))
      lines += table(sessionHeading, sample.sessions.map(row), showing: sessionRows)
      lines += table(bookHeading, books(sample), showing: max(0, rows - 1 - lines.count - 1))
    }
    lines = Array(lines.prefix(rows - 1))
    lines += Array(repeating: fitted(""), count: max(0, rows - 1 - lines.count))
    let keys = " q quits   space \(isPaused ? "goes on, paused now" : "pauses")"
    return lines + [reversed(fitted(keys))]
  }

  private var head: [String] {
    guard let sample else {
      return [fitted(" MarketPrism"), colour(.red, fitted(" \(problem ?? "asking…")")), fitted("")]
    }
    let ready = sample.isReady ? "ready" : "NOT READY"
    let title =
      " MarketPrism \(sample.version)   \(sample.state), \(ready)   generation \(sample.generation.map(String.init) ?? "-")"
    let uptime = "up \(Figures.time(sample.uptime)) "
    let left = DisplayWidth.fitted(title, to: max(0, columns - uptime.count))
    var lines = [colour(Colour.of(state: sample.state) ?? .red, left + uptime)]
    if let problem { lines.append(colour(.red, fitted(" what follows is old: \(problem)"))) }
    for trouble in sample.troubles.prefix(max(1, min(4, rows - 12))) {
      lines.append(
        colour(trouble.status == "fail" ? .red : .yellow, fitted(" \(trouble.status) \(trouble.name): \(trouble.told)"))
      )
    }
    lines += [fitted(""), fitted(nats(sample)), fitted(events(sample)), fitted("")]
    return lines
  }

  private func nats(_ sample: TopSample) -> String {
    let nats = sample.nats
    let policy = nats["optional"] == .bool(false) ? "required" : "optional"
    var text = " NATS \(nats["state"]?.string ?? "-"), \(policy) (\(nats["policy_source"]?.string ?? "-"))"
    if let url = nats["server_url"]?.string, !url.isEmpty { text += "   \(url)" }
    text += "   outbox \(Figures.bytes(nats["pending_bytes"]?.integer))"
    if let spool = nats["spool"] {
      text += "   spool \(spool.integer.map(Figures.bytes) ?? Figures.bytes(spool["bytes"]?.integer))"
    }
    return text
  }

  private func events(_ sample: TopSample) -> String {
    let before = Dictionary(
      (previous?.events ?? []).map { ($0.outcome, $0.count) }, uniquingKeysWith: { first, _ in first })
    let told = sample.events.filter { $0.count > 0 || $0.outcome == "published" }.map { outcome, count in
      let rate = rate(before[outcome], count).map { " (\(Figures.count($0))/s)" } ?? ""
      return "\(outcome) \(Figures.count(count))\(rate)"
    }
    let lag = sample.books.compactMap(\.lag).max()
    return " events " + told.joined(separator: "   ") + "   gaps \(sample.gaps)   lag \(Figures.milliseconds(lag))"
  }

  private static let sessionWidths = [7, 8, 8, 8, 6, 6]

  private var sessionHeading: String {
    cells("SESSION", ["STATE", "MSG/S", "TOTAL", "LAST", "RECON", "BOOKS"], Self.sessionWidths)
  }

  private func row(_ session: TopSample.Session) -> String {
    let before = previous?.sessions.first { $0.name == session.name }
    let rate = rate(before?.received, session.received)
    let books = "\(Figures.count(session.booksGood))/\(Figures.count(session.books))"
    let line = cells(
      session.name + (session.isUp ? "" : session.reason.map { ": \($0)" } ?? ""),
      [
        session.state, Figures.count(rate), Figures.count(session.received), Figures.milliseconds(session.age),
        Figures.count(session.reconnects), books,
      ], Self.sessionWidths)
    return session.isUp ? line : colour(.red, line)
  }

  private static let bookWidths = [16, 16, 8, 6]

  private var bookHeading: String { cells("BOOK", ["BID", "ASK", "LAG", "GAPS"], Self.bookWidths) }

  /// What is wrong comes first: with many books it must not be out of sight.
  private func books(_ sample: TopSample) -> [String] {
    (sample.books.filter { !$0.isSynchronised } + sample.books.filter(\.isSynchronised)).map(row)
  }

  private func row(_ book: TopSample.Book) -> String {
    guard book.isSynchronised else {
      return colour(.yellow, fitted(" \(book.name): not synchronised, \(book.reason ?? "no reason is told")"))
    }
    return cells(
      book.name,
      [book.bid ?? "-", book.ask ?? "-", Figures.milliseconds(book.lag), Figures.count(book.gaps)], Self.bookWidths)
  }

  /// A heading and as many rows as there is room for; the last says how many are not shown.
  private func table(_ heading: String, _ rows: [String], showing room: Int) -> [String] {
    guard room > 0 else { return [] }
    let shown = rows.count > room ? Array(rows.prefix(room - 1)) : rows
    let rest = rows.count - shown.count
    return [reversed(heading)] + shown + (rest > 0 ? [fitted(" … \(rest) more")] : [])
  }

  /// A name on the left that gets what room is left, cells on the right.
  private func cells(_ name: String, _ cells: [String], _ widths: [Int]) -> String {
    let right = zip(cells, widths).map { " " + DisplayWidth.fitted($0, to: $1, right: true) }.joined()
    return fitted(DisplayWidth.fitted(" " + name, to: max(8, columns - DisplayWidth.of(right) - 1)) + right + " ")
  }

  private func rate(_ before: Int64?, _ after: Int64?) -> Int64? {
    guard let sample, let previous else { return nil }
    return Figures.rate(before, after, over: previous.time.duration(to: sample.time))
  }

  /// One line as wide as the terminal; what came from outside cannot drive the terminal.
  private func fitted(_ text: String) -> String {
    let visible = text.map { character in
      character.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) } ? "?" : character
    }
    return DisplayWidth.fitted(String(visible), to: columns)
  }

  private func colour(_ colour: Colour, _ text: String) -> String { colours ? colour.around(text) : text }

  private func reversed(_ text: String) -> String { "\u{1B}[7m\(text)\u{1B}[0m" }
}
