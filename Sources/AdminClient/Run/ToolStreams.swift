import Glibc

/// The standard streams of the process, or what stands for them in tests.
package struct ToolStreams {
  /// Where requests and payloads are read.
  package var input: Int32
  /// Where results go.
  package var output: Int32
  /// Where progress and errors go.
  package var errors: Int32
  /// Colours are wanted where there is a terminal.
  package var colours: Bool

  /// The process's own, unless told otherwise.
  package init(
    input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO, errors: Int32 = STDERR_FILENO, colours: Bool = false
  ) {
    self.input = input
    self.output = output
    self.errors = errors
    self.colours = colours
  }

  /// Whether a person types.
  package var isInputTerminal: Bool { isatty(input) == 1 }
  /// Whether a person reads the results.
  package var isOutputTerminal: Bool { isatty(output) == 1 }
  /// Whether a person reads progress and errors.
  package var isErrorTerminal: Bool { isatty(errors) == 1 }

  /// Prints a line of a result.
  package func line(_ text: String) { Self.write(text + "\n", to: output) }

  /// Prints an error as programs do.
  package func error(_ text: String) {
    let name = colours && isErrorTerminal ? Colour.red.around("marketprismctl:") : "marketprismctl:"
    Self.write("\(name) \(text)\n", to: errors)
  }

  /// Writes everything, however many calls it takes; gives up when nobody reads any more.
  package static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        // A terminal may have been left non-blocking by another program.
        guard errno == EAGAIN, !Poll.wait([(descriptor, .output)], Deadline(in: .seconds(10))).isEmpty else { return }
        continue
      }
      rest = rest.dropFirst(count)
    }
  }
}
