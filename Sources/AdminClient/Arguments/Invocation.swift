import AdminProtocol

/// What the command line asks for.
package enum Invocation: Equatable {
  /// Explain the tool, or the commands that begin with these words.
  case help([String])
  /// Print the version.
  case version
  /// Print the completion of a shell.
  case completion(CompletionScript)
  /// Ask the user on a terminal, read lines from anything else.
  case interactive
  /// The live screen.
  case top
  /// The health as a Nagios plugin says it.
  case nagios
  /// Send one request.
  case command(Request, payload: PayloadSource)
}

/// Where the payload of a request comes from.
package enum PayloadSource: Equatable {
  /// There is none.
  case none
  /// There is one when standard input is a file that nothing of has been read.
  case inputFile
  /// All of standard input.
  case input
  /// A file.
  case file(String)
}

/// A command line that cannot be understood.
package struct UsageError: Error, Equatable {
  /// One sentence.
  package var message: String

  /// Makes one.
  package init(_ message: String) { self.message = message }
}
