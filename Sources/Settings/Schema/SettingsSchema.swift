/// The schema: every key of the configuration, declared once. Loading, validation, the environment, the
/// difference of two settings and the checks of the shipped file are all driven by these tables.
package enum SettingsSchema {
  /// Keys of the whole file, but for the entries of lists and maps.
  static let collector: [SchemaKey<CollectorSettings>] = process + listeners + nats + later

  /// Every key with its full path, in the order of the tables.
  package static let entries: [SchemaEntry] =
    collector.map { SchemaEntry($0, below: "", defaults: CollectorSettings()) }
    + delivery.map { SchemaEntry($0, below: "nats.delivery.*", defaults: .core) }
    + stream.map { SchemaEntry($0, below: "nats.streams.*.", defaults: CollectorSettings.Stream()) }
    + exchange.map { SchemaEntry($0, below: "exchanges[].", defaults: CollectorSettings.Exchange()) }

  private static let process: [SchemaKey<CollectorSettings>] = [
    SchemaKey(
      "collector.http_port", .integer(0...65535), \.collector.httpPort, .rebuild, environment: "HTTP_PORT",
      "Port of the HTTP listener; 0 lets the system choose."),
    SchemaKey(
      "collector.log_level", .choice(LogLevel.allCases.map(\.rawValue)), \.collector.logLevel, .hot,
      environment: "LOG_LEVEL", "How much the log says."),
    SchemaKey(
      "collector.state_directory", .text(.path(maximumBytes: 4095)), \.collector.stateDirectory, .restart,
      "Where the collector keeps what must outlive it."),
    SchemaKey(
      "collector.verify_timeout", .duration(.milliseconds(100)...(.seconds(600))), \.collector.verifyTimeout, .hot,
      "How long a reload waits for what it opened to work before it is undone."),
    SchemaKey(
      "collector.enable_orderbook_manager", .boolean, \.collector.enableOrderbookManager, .rebuild,
      "Whether order books are kept from snapshots and updates."),
    SchemaKey(
      "collector.enable_scheduler", .boolean, \.collector.enableScheduler, .rebuild, used: false,
      "Whether the REST pollers run."),
  ]

  private static let names = ValueType.list(.text(.plain), atLeastOne: false)

  private static let listeners: [SchemaKey<CollectorSettings>] = [
    SchemaKey(
      "admin.socket", .text(.path(maximumBytes: 107)), \.admin.socket, .restart,
      "Path of the operator's socket."),
    SchemaKey(
      "admin.connections", .integer(1...1024), \.admin.connections, .hot, "Connections served at one time."),
    SchemaKey(
      "admin.line_bytes", .integer(256...1_048_576), \.admin.lineBytes, .hot,
      "Longest line accepted, in bytes."),
    SchemaKey("admin.arguments", .integer(1...1024), \.admin.arguments, .hot, "Most arguments of a request."),
    SchemaKey(
      "admin.payload_bytes", .size(1024...(1 << 30)), \.admin.payloadBytes, .hot,
      "Longest payload of a request."),
    SchemaKey(
      "admin.idle_timeout", .duration(.seconds(1)...(.seconds(86400))), \.admin.idleTimeout, .hot,
      "A connection without a request for this long is closed."),
    SchemaKey(
      "admin.interactive_idle_timeout", .duration(.seconds(1)...(.seconds(86400))), \.admin.interactiveIdleTimeout,
      .hot,
      "The same for a connection that asked for a prompt."),
    SchemaKey(
      "admin.first_byte_timeout", .duration(.milliseconds(100)...(.seconds(3600))), \.admin.firstByteTimeout, .hot,
      "A connection that has not sent its first byte for this long is closed."),
    SchemaKey(
      "admin.command_timeout", .duration(.milliseconds(100)...(.seconds(3600))), \.admin.commandTimeout, .hot,
      "A command that has not finished by then is answered with 504."),
    SchemaKey(
      "admin.reload_timeout", .duration(.seconds(1)...(.seconds(3600))), \.admin.reloadTimeout, .hot,
      "The same for a reload."),
    SchemaKey(
      "admin.output_bytes", .size(65536...(1 << 30)), \.admin.outputBytes, .hot,
      "Bytes of replies held for a client that does not read them."),
    SchemaKey(
      "admin.roles.operator.groups", names, \.admin.roles.operator.groups, .hot,
      "System groups whose members may read and change."),
    SchemaKey(
      "admin.roles.operator.users", names, \.admin.roles.operator.users, .hot,
      "System users who may read and change."),
    SchemaKey(
      "admin.roles.viewer.groups", names, \.admin.roles.viewer.groups, .hot,
      "System groups whose members may read."),
    SchemaKey(
      "admin.roles.viewer.users", names, \.admin.roles.viewer.users, .hot, "System users who may read."),
    SchemaKey(
      "http.address", .text(.host), \.http.address, .rebuild,
      "Address the HTTP listener listens on; its port is collector.http_port."),
    SchemaKey(
      "http.token_file", .text(.path(maximumBytes: 4095)), \.http.tokenFile, .hot,
      "File with the token that changing requests must carry."),
  ]

  private static let pemFile = ValueType.text(.path(maximumBytes: 4095))
  private static let natsURL = ValueType.url(schemes: ["nats", "tls"])

  private static let nats: [SchemaKey<CollectorSettings>] = [
    SchemaKey(
      "nats.url", natsURL, \.nats.url, .rebuild, secret: true, alias: true, "The server; or several with urls."),
    SchemaKey(
      "nats.urls", .list(natsURL, atLeastOne: true), \.nats.urls, .rebuild, secret: true, environment: "NATS_URL",
      "Servers, tried in turn; instead of url."),
    SchemaKey(
      "nats.client_name", .text(.name), \.nats.clientName, .rebuild, "Name the connection has on the server."),
    SchemaKey(
      "nats.tls.ca_file", pemFile, \.nats.tls.caFile, .rebuild,
      "Authorities trusted with TLS besides the system's, in PEM format."),
    SchemaKey(
      "nats.tls.cert_file", pemFile, \.nats.tls.certFile, .rebuild,
      "The collector's own certificate, in PEM format; needs key_file."),
    SchemaKey("nats.tls.key_file", pemFile, \.nats.tls.keyFile, .rebuild, "The key of cert_file, in PEM format."),
    SchemaKey(
      "nats.optional", .boolean, \.nats.optional, .hot, "Whether the collector counts as sound without NATS."),
    SchemaKey(
      "nats.startup_timeout", .duration(.milliseconds(100)...(.seconds(3600))), \.nats.startupTimeout, .hot,
      "How long start-up waits for a required NATS before it gives up."),
    SchemaKey(
      "nats.grace", .duration(.zero...(.seconds(3600))), \.nats.grace, .hot,
      "How long a required NATS may be away before readiness is lost."),
    SchemaKey(
      "nats.subject", .text(.subject), \.nats.subject, .rebuild,
      "Subjects published to: a preset (current, legacy) or a template."),
    SchemaKey(
      "nats.spool.max_bytes", .size(1_048_576...(1 << 50)), \.nats.spool.maximumBytes, .rebuild, used: false,
      "Room on disk for events kept while NATS is away."),
    SchemaKey(
      "nats.spool.max_age", .duration(.seconds(1)...(.seconds(365 * 86400))), \.nats.spool.maximumAge, .rebuild,
      used: false, "Oldest event kept."),
    SchemaKey(
      "nats.spool.fsync", .choice(CollectorSettings.Spool.Synchronisation.allCases.map(\.rawValue)),
      \.nats.spool.fsync, .rebuild, used: false, "When written events are forced to the disk."),
  ]

  private static let proxyURL = ValueType.url(schemes: ["http", "https"])

  /// Sections of features that arrive later.
  private static let later: [SchemaKey<CollectorSettings>] = [
    SchemaKey("proxy.enabled", .boolean, \.proxy.enabled, .rebuild, used: false, "Whether the proxy is used."),
    SchemaKey(
      "proxy.http_proxy", proxyURL, \.proxy.httpProxy, .rebuild, secret: true, used: false,
      "Proxy of plain connections."),
    SchemaKey(
      "proxy.https_proxy", proxyURL, \.proxy.httpsProxy, .rebuild, secret: true, used: false,
      "Proxy of TLS connections."),
    SchemaKey("proxy.no_proxy", names, \.proxy.noProxy, .rebuild, used: false, "Hosts that are reached directly."),
    SchemaKey(
      "record.directory", .text(.path(maximumBytes: 4095)), \.record.directory, .rebuild, used: false,
      "Where received frames are recorded."),
  ]
}
