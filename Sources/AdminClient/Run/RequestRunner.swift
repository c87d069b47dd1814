import AdminProtocol

/// Sends requests and prints their replies.
package struct RequestRunner {
  private let settings: ToolSettings
  private let streams: ToolStreams

  /// Makes a runner; it connects anew for each request.
  package init(_ settings: ToolSettings, _ streams: ToolStreams) {
    self.settings = settings
    self.streams = streams
  }

  /// Sends one request, prints the reply, and says what it comes to.
  package func run(_ request: Request, interrupt: Interrupt? = nil) -> ExitStatus {
    let deadline = settings.timeout.map { Deadline(in: $0) }
    var request = request
    if settings.json { request.json = true }
    let call = try? CommandTable.resolve(request).get()
    var printer = ReplyPrinter(streams, changes: call?.specification.changes ?? false)
    do throws(ClientError) {
      let connection = try AdminConnection(path: settings.socket, deadline: deadline)
      let trailer = try connection.ask(request, deadline: deadline, interrupt: interrupt) { printer.print($0) }
      let status = ExitStatus.of(trailer, failDegraded: settings.failDegraded)
      guard status == .done, settings.failDegraded else { return status }
      return try state(trailer, connection, deadline)
    } catch {
      printer.clearProgress()
      streams.error(error.message)
      return error.status
    }
  }

  /// Whether the collector is well, as the reply says, or else its health does.
  private func state(
    _ trailer: Trailer, _ connection: AdminConnection, _ deadline: Deadline?
  ) throws(ClientError) -> ExitStatus {
    if let ready = trailer["ready"] ?? trailer["live"], ready == "yes", trailer["state"] == nil { return .done }
    var state = trailer["state"]
    if state == nil {
      state = try connection.collect(Request(arguments: ["health"]), deadline: deadline).trailer["state"]
    }
    if state == "ok" { return .done }
    streams.error("the collector is \(state ?? "in no state that it tells")")
    return .degraded
  }
}
