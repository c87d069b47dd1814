import Agent
import Settings
import VenueSimulator

/// What `demo` prints to standard output: what runs where and what to try, then a line every few seconds.
struct DemoScreen: Sendable {
  static let interval = Duration.seconds(5)

  let agent: CollectorAgent
  let port: Int
  let socket: String
  let endpoints: SimulatorEndpoints
  let natsURL: String?
  let recording: String?

  func showSummary(_ settings: CollectorSettings) {
    let followed = settings.exchanges.map { "\($0.exchange) \($0.marketType): \($0.symbols.joined(separator: ", "))" }
    StandardStreams.output(
      """
      MarketPrism collector \(CollectorVersion.current), demo

        exchange   simulated, \(recording.map { "playing \($0)" } ?? "generated orders"), on 127.0.0.1:\(endpoints.port)
                   \(followed.joined(separator: "\n             "))
        NATS       \(natsURL ?? "none: optional and absent, so the health is «degraded»")
        HTTP       http://127.0.0.1:\(port)
        admin      \(socket)

      Try, in another terminal:

        curl -s http://127.0.0.1:\(port)/health
        curl -s 'http://127.0.0.1:\(port)/api/v1/orderbook/\(example(settings))&depth=5'
        echo status | socat - UNIX-CONNECT:\(socket)

      Ctrl-C ends it. Logs go to standard error.

      """)
  }

  private func example(_ settings: CollectorSettings) -> String {
    let entry = settings.exchanges.first
    return "\(entry?.exchange ?? "")/\(entry?.symbols.first ?? "")?market=\(entry?.marketType ?? "")"
  }

  /// A line every few seconds until it is cancelled.
  func showProgress() async {
    var last = 0
    while !Task.isCancelled {
      do { try await Task.sleep(for: Self.interval) } catch { return }
      let status = await agent.status()
      let received = status.exchanges.reduce(0) { $0 + $1.messagesReceived }
      let rows = status.exchanges.reduce(into: (synchronised: 0, total: 0, gaps: 0, errors: 0)) { sum, row in
        sum.synchronised += row.booksSynchronised
        sum.total += row.booksTotal
        sum.gaps += row.gaps
        sum.errors += row.errors
      }
      let events = status.nats.events.filter { $0.count > 0 }.map { "\($0.outcome) \($0.count)" }
      StandardStreams.output(
        "\(status.time.rfc3339.prefix(19))Z  \(status.health.rawValue)  \(received) messages "
          + "(\((received - last) / Int(Self.interval.components.seconds))/s)  books \(rows.synchronised)/\(rows.total)  "
          + "gaps \(rows.gaps)  undecodable \(rows.errors)  events: \(events.joined(separator: ", "))")
      last = received
    }
  }
}
