/// The tables of the entries of lists and maps.
extension SettingsSchema {
  /// The value of one entry of `nats.delivery`; its name is a data type.
  static let delivery: [SchemaKey<CollectorSettings.DeliveryMode>] = [
    SchemaKey(
      "", .choice(CollectorSettings.DeliveryMode.allCases.map(\.rawValue)), \.self, .rebuild, used: false,
      "How events of a data type reach NATS.")
  ]

  /// Keys of one entry of `nats.streams`.
  static let stream: [SchemaKey<CollectorSettings.Stream>] = [
    SchemaKey(
      "subjects", .list(.text(.plain), atLeastOne: false), \.subjects, .rebuild, used: false, "Subjects stored."),
    SchemaKey(
      "retention", .choice(CollectorSettings.Stream.Retention.allCases.map(\.rawValue)), \.retention, .rebuild,
      used: false, "When messages go."),
    SchemaKey(
      "max_msgs", .integer(-1...(.max)), \.maximumMessages, .rebuild, used: false,
      "Most messages kept; -1: no limit."),
    SchemaKey(
      "max_bytes", .size(-1...(.max)), \.maximumBytes, .rebuild, used: false, "Most bytes kept; -1: no limit."),
    SchemaKey(
      "max_age", .duration(.zero...(.seconds(3650 * 86400))), \.maximumAge, .rebuild, used: false,
      "Oldest message kept; 0s: no limit."),
    SchemaKey(
      "max_consumers", .integer(-1...1_000_000), \.maximumConsumers, .rebuild, used: false,
      "Most consumers; -1: no limit."),
    SchemaKey("replicas", .integer(1...5), \.replicas, .rebuild, used: false, "Copies in the cluster."),
  ]

  private static let short = Duration.milliseconds(1)...(.seconds(3600))

  /// Keys of one entry of `exchanges`.
  static let exchange: [SchemaKey<CollectorSettings.Exchange>] = [
    SchemaKey("name", .text(.name), \.name, .rebuild, "Unique name; <exchange>-<market_type> where none is given."),
    SchemaKey(
      "exchange", .choice(KnownNames.exchanges), \.exchange, .rebuild, required: true, "The exchange."),
    SchemaKey(
      "market_type", .choice(KnownNames.marketTypes), \.marketType, .rebuild, required: true,
      "The market of the exchange."),
    SchemaKey("enabled", .boolean, \.enabled, .rebuild, "Whether the entry is collected at all."),
    SchemaKey(
      "symbols", .list(.text(.symbol), atLeastOne: true), \.symbols, .hot, required: true,
      "Instruments, in the exchange's spelling or the canonical one."),
    SchemaKey(
      "data_types", .list(.choice(KnownNames.dataTypes), atLeastOne: true), \.dataTypes, .rebuild,
      "What to collect of every symbol."),
    SchemaKey(
      "ws_url", .url(schemes: ["ws", "wss"]), \.wsURL, .rebuild, secret: true,
      "WebSocket endpoint instead of the exchange's own."),
    SchemaKey(
      "base_url", .url(schemes: ["http", "https"]), \.baseURL, .rebuild, secret: true,
      "REST endpoint instead of the exchange's own."),
    SchemaKey(
      "depth_limit", .integer(1...5000), \.depthLimit, .hot, "Levels of an order book's snapshot."),
    SchemaKey(
      "depth_speed", .choice(KnownNames.depthSpeeds), \.depthSpeed, .rebuild,
      "How often the exchange sends order book updates; none: its default."),
    SchemaKey(
      "max_frame_bytes", .size(1024...(1 << 30)), \.maxFrameBytes, .rebuild, "Largest frame accepted."),
    SchemaKey(
      "ping_interval", .duration(.seconds(1)...(.seconds(3600))), \.pingInterval, .hot,
      "How often a ping is sent; none: as the exchange asks."),
    SchemaKey("reconnect_minimum", .duration(short), \.reconnectMinimum, .hot, "First wait before reconnecting."),
    SchemaKey("reconnect_maximum", .duration(short), \.reconnectMaximum, .hot, "Longest wait before reconnecting."),
    SchemaKey(
      "snapshot_interval", .duration(.seconds(1)...(.seconds(86400))), \.snapshotInterval, .rebuild, used: false,
      "How often a book is compared with a fresh snapshot; none: never."),
    SchemaKey(
      "stale_after", .duration(.seconds(1)...(.seconds(86400))), \.staleAfter, .hot,
      "A session without a frame for this long is stale and is opened anew."),
  ]
}
