import AdminProtocol

/// `health --nagios`: asks for the health and says it as a monitoring plugin does.
package enum NagiosPlugin {
  /// Plugins are killed by their scheduler after a minute by default, and should have said something before.
  private static let patience = Duration.seconds(10)

  /// Asks and says.
  package static func line(_ settings: ToolSettings) -> NagiosLine {
    let deadline = Deadline(in: settings.timeout ?? patience)
    do throws(ClientError) {
      let connection = try AdminConnection(path: settings.socket, deadline: deadline)
      let health = try connection.collect(Request(json: true, arguments: ["health"]), deadline: deadline)
      guard health.trailer.isOK, let data = health.json?["data"] else { return NagiosLine(refused: health.trailer) }
      let status = try? connection.collect(Request(json: true, arguments: ["status"]), deadline: deadline)
      return NagiosLine(health: data, report: status?.json?["data"])
    } catch {
      return NagiosLine(error)
    }
  }
}
