import AdminProtocol

/// One line of the audit log.
package struct AuditRecord: Sendable, Equatable {
  package var caller: Caller
  /// The request with its arguments quoted, on one line of 512 characters at most; never its payload.
  package var command: String
  /// `ok`, or code and slug of what went wrong.
  package var result: String
  package var generation: Int

  package init(caller: Caller, command: String, result: String, generation: Int) {
    self.caller = caller
    self.command = command
    self.result = result
    self.generation = generation
  }
}

extension ConnectionMachine {
  /// What a connection waits for.
  package enum Timer: Hashable, Sendable {
    /// Input, or output being read.
    case idle
    /// The running command.
    case command
    /// The next sign of life.
    case progress
    /// The caller closing its end.
    case linger
  }

  /// What may be counted.
  package enum Event: Sendable, Equatable {
    case request, refusedRequest, idleTimeout, commandTimeout, droppedReader, lateReply
  }

  /// What the I/O layer shall do, in order.
  package enum Action: Sendable, Equatable {
    case write(String)
    case run(number: Int, CommandCall)
    case cancel(number: Int)
    case arm(Timer, Duration)
    case disarm(Timer)
    case audit(AuditRecord)
    case count(Event)
    /// Say that no more will come, and go on reading.
    case endOutput
    case close
  }

  /// What a connection asks the collector, at the moment it writes.
  package struct Surroundings: Sendable {
    package var version: String
    package var generation: @Sendable () -> Int
    package var promptState: @Sendable () -> String

    package init(
      version: String, generation: @escaping @Sendable () -> Int, promptState: @escaping @Sendable () -> String
    ) {
      self.version = version
      self.generation = generation
      self.promptState = promptState
    }
  }

  enum Phase {
    /// Answers requests.
    case serving
    /// The last reply is written and not all sent.
    case finishing
    /// All is sent; what still comes is thrown away until the caller closes. Closing with unread input
    /// would reset the connection, and the caller might lose the reply.
    case lingering
    case closed
  }

  struct Running {
    var number: Int
    var request: Request
    var call: CommandCall
    var limit: Duration
    /// Body lines that wait for the reply because the caller awaits JSON.
    var lines: [String] = []
    var lineBytes = 0
  }
}
