/// A published error: a code with HTTP's meaning, and a slug that never changes.
public struct ErrorSlug: Sendable, Hashable {
  /// The code, the same as the HTTP status.
  public let code: Int
  /// The name scripts test for.
  public let slug: String
}

/// Every error the admin socket and the HTTP API answer with.
public enum ErrorCatalogue {
  /// All of them, by code.
  public static let all: [ErrorSlug] = [
    .badArgument, .badQuoting, .badEncoding,
    .forbidden,
    .unknownCommand, .unknownExchange, .unknownSymbol, .unknownKey, .unknownPath,
    .methodNotAllowed,
    .idleTimeout,
    .restartRequired, .reloadInProgress, .dependencyDown,
    .lengthRequired,
    .generationMismatch,
    .tooLarge,
    .invalidConfig,
    .tooManyConnections, .tooManyRequests,
    .internalError,
    .notReady, .shuttingDown,
    .timeout,
  ]
}

extension ErrorSlug {
  /// An argument is missing, superfluous or not of its type.
  public static let badArgument = ErrorSlug(code: 400, slug: "bad-argument")
  /// Quotes that do not close, or stand where none may.
  public static let badQuoting = ErrorSlug(code: 400, slug: "bad-quoting")
  /// A NUL, or bytes that are not UTF-8.
  public static let badEncoding = ErrorSlug(code: 400, slug: "bad-encoding")
  /// The caller's role does not suffice.
  public static let forbidden = ErrorSlug(code: 403, slug: "forbidden")
  /// No such command.
  public static let unknownCommand = ErrorSlug(code: 404, slug: "unknown-command")
  /// No such exchange is configured.
  public static let unknownExchange = ErrorSlug(code: 404, slug: "unknown-exchange")
  /// The exchange has no such symbol here.
  public static let unknownSymbol = ErrorSlug(code: 404, slug: "unknown-symbol")
  /// No such settings key.
  public static let unknownKey = ErrorSlug(code: 404, slug: "unknown-key")
  /// The HTTP API has no such path.
  public static let unknownPath = ErrorSlug(code: 404, slug: "unknown-path")
  /// The path is there, and not for this HTTP method.
  public static let methodNotAllowed = ErrorSlug(code: 405, slug: "method-not-allowed")
  /// Nothing was sent for too long.
  public static let idleTimeout = ErrorSlug(code: 408, slug: "idle-timeout")
  /// The change cannot be made while running.
  public static let restartRequired = ErrorSlug(code: 409, slug: "restart-required")
  /// Another reload is under way.
  public static let reloadInProgress = ErrorSlug(code: 409, slug: "reload-in-progress")
  /// What is asked for needs something that is down.
  public static let dependencyDown = ErrorSlug(code: 409, slug: "dependency-down")
  /// The HTTP request has no body where one is needed.
  public static let lengthRequired = ErrorSlug(code: 411, slug: "length-required")
  /// The active generation is not the one the caller named.
  public static let generationMismatch = ErrorSlug(code: 412, slug: "generation-mismatch")
  /// A line, a payload, the number of arguments or a reply is over its bound.
  public static let tooLarge = ErrorSlug(code: 413, slug: "too-large")
  /// The settings have errors.
  public static let invalidConfig = ErrorSlug(code: 422, slug: "invalid-config")
  /// No more callers are served at the same time.
  public static let tooManyConnections = ErrorSlug(code: 429, slug: "too-many-connections")
  /// As many requests of this kind are being worked on as may be.
  public static let tooManyRequests = ErrorSlug(code: 429, slug: "too-many-requests")
  /// A defect of the collector.
  public static let internalError = ErrorSlug(code: 500, slug: "internal")
  /// The collector is not ready.
  public static let notReady = ErrorSlug(code: 503, slug: "not-ready")
  /// The collector is stopping.
  public static let shuttingDown = ErrorSlug(code: 503, slug: "shutting-down")
  /// The command took too long.
  public static let timeout = ErrorSlug(code: 504, slug: "timeout")
}
