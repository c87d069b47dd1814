/// What the options say.
package struct ToolSettings: Equatable {
  /// Where the packaged collector listens.
  package static let defaultSocket = "/run/marketprism/collector.sock"

  /// The socket's path.
  package var socket = ToolSettings.defaultSocket
  /// The most it may take in all; nil for as long as the collector shows signs of life.
  package var timeout: Duration?
  /// The reply shall be JSON.
  package var json = false
  /// A collector that is not in the state ok is a failure.
  package var failDegraded = false

  /// The defaults.
  package init() {}

  /// Silence after which a collector is given up. While a command runs it shows a sign of life every 200 ms.
  package static let silence = Duration.seconds(10)
}
