/// Every family the collector itself exports. A family is declared here and nowhere else; samples refer to it.
public enum MetricCatalogue {
  /// All families, by subject.
  public static let all: [MetricFamily] = [
    .buildInfo, .generation, .healthState,
    .reloads, .reloadGiveUps, .pendingRestart, .confirmationPending, .lastGoodFailures,
    .messagesReceived, .messagesProcessed, .decodeFailures, .lastMessageAge, .eventLag,
    .sessionConnected, .sessionReconnects,
    .gaps, .resynchronisations, .books, .bookSynchronised, .checkpoints,
    .natsConnected, .natsOptional, .events, .outboxBytes,
    .httpRequests, .metricsDropped,
    .processStartTime, .processResidentMemory, .processCPU, .processOpenFiles, .processMaximumFiles,
  ]

  static let byName: [String: MetricFamily] = Dictionary(
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}

extension MetricFamily {
  private static let entry = ["exchange", "market", "name"]

  private static func ours(
    _ name: String, _ kind: Kind, _ help: String, labels: [String] = [], unit: String? = nil
  ) -> MetricFamily {
    MetricFamily(name: "marketprism_" + name, kind: kind, help: help, labels: labels, unit: unit)
  }

  /// Always 1; the version is its label.
  public static let buildInfo = ours("build_info", .gauge, "Always 1; the label is the version.", labels: ["version"])
  /// The generation of the settings.
  public static let generation = ours("generation", .gauge, "Generation of the settings in force.")
  /// One series a state.
  public static let healthState = ours(
    "health_state", .gauge, "1 for the present health state, 0 for the others.", labels: ["state"])

  /// Runs of a reload.
  public static let reloads = ours(
    "reloads_total", .counter, "Reloads, rollbacks and confirmations by what they came to.", labels: ["outcome"])
  /// Steps of a reload that were not waited for any longer.
  public static let reloadGiveUps = ours(
    "reload_give_ups_total", .counter, "Steps of reloads that did not end in their time.", labels: ["step"])
  /// Changes that wait.
  public static let pendingRestart = ours(
    "pending_restart", .gauge, "Changed settings that take effect only at a restart.")
  /// Settings that wait.
  public static let confirmationPending = ours(
    "confirmation_pending", .gauge, "1 while the settings in force wait for confirm.")
  /// Settings that were not kept.
  public static let lastGoodFailures = ours(
    "last_good_failures_total", .counter, "Times the last good settings could not be written to state_directory.")

  /// Frames from exchanges.
  public static let messagesReceived = ours(
    "messages_received_total", .counter, "Messages that arrived from the exchange.", labels: entry)
  /// Frames that were of use.
  public static let messagesProcessed = ours(
    "messages_processed_total", .counter, "Messages that were decoded and acted on.", labels: entry)
  /// Frames that were not.
  public static let decodeFailures = ours(
    "decode_failures_total", .counter, "Messages that could not be decoded, by what was wrong.",
    labels: entry + ["kind"])
  /// Silence of an exchange.
  public static let lastMessageAge = ours(
    "last_message_age_seconds", .gauge, "Seconds since the last message arrived.", labels: entry, unit: "seconds")
  /// How late events are.
  public static let eventLag = ours(
    "event_lag_seconds", .gauge, "Seconds from the exchange's time of the last event to its arrival.", labels: entry,
    unit: "seconds")
  /// Sessions up.
  public static let sessionConnected = ours(
    "session_connected", .gauge, "1 while every connection of the exchange entry is open.", labels: entry)
  /// Sessions opened again.
  public static let sessionReconnects = ours(
    "session_reconnects_total", .counter, "Connections opened again after a loss.", labels: entry)

  /// Holes in the sequence.
  public static let gaps = ours("gaps_total", .counter, "Gaps in the sequence of book changes.", labels: entry)
  /// Books that came back.
  public static let resynchronisations = ours(
    "resynchronisations_total", .counter, "Books synchronised again after a loss of synchronisation.", labels: entry)
  /// Books kept.
  public static let books = ours("books", .gauge, "Order books kept.", labels: entry)
  /// Books that are right.
  public static let bookSynchronised = ours(
    "book_synchronised", .gauge, "Order books that are synchronised with their stream now.", labels: entry)
  /// Comparisons of a book with the exchange's best prices.
  public static let checkpoints = ours(
    "checkpoints_total", .counter, "Comparisons of a book with the best prices the exchange states.",
    labels: ["result"])

  /// Whether NATS is there.
  public static let natsConnected = ours("nats_connected", .gauge, "1 while the NATS link is up.")
  /// Whether NATS may be missing.
  public static let natsOptional = ours("nats_optional", .gauge, "1 while NATS may be missing, 0 while it is required.")
  /// Events and what became of them.
  public static let events = ours(
    "events_total", .counter, "Normalised events by what became of them.", labels: ["type", "status"])
  /// Data that waits.
  public static let outboxBytes = ours(
    "outbox_bytes", .gauge, "Bytes that wait to be published.", unit: "bytes")

  /// HTTP answers.
  public static let httpRequests = ours(
    "http_requests_total", .counter, "HTTP requests by the status of their answer.", labels: ["status"])
  /// What the registry itself could not keep.
  public static let metricsDropped = ours(
    "metrics_dropped_total", .counter, "Samples and series that the metrics registry refused.", labels: ["reason"])

  /// When this process began, named as every Prometheus client names it.
  public static let processStartTime = MetricFamily(
    name: "process_start_time_seconds", kind: .gauge, help: "Start time of the process since 1970 in seconds.",
    labels: [], unit: "seconds")
  /// Memory in use.
  public static let processResidentMemory = MetricFamily(
    name: "process_resident_memory_bytes", kind: .gauge, help: "Resident memory in bytes.", labels: [], unit: "bytes")
  /// Processor time.
  public static let processCPU = MetricFamily(
    name: "process_cpu_seconds_total", kind: .counter, help: "User and system processor time in seconds.", labels: [],
    unit: "seconds")
  /// Open files.
  public static let processOpenFiles = MetricFamily(
    name: "process_open_fds", kind: .gauge, help: "Open file descriptors.", labels: [], unit: nil)
  /// How many files may be open.
  public static let processMaximumFiles = MetricFamily(
    name: "process_max_fds", kind: .gauge, help: "File descriptors that may be open.", labels: [], unit: nil)
}
