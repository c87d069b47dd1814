/// A command that the tool carries out by itself, out of what several commands of the collector say.
package struct ToolCommand: Sendable, Equatable {
  /// The word that names it.
  package let name: String
  /// One sentence.
  package let help: String
  /// A command line that is accepted as it stands.
  package let example: String
  let invocation: Invocation

  /// All of them.
  package static let all: [ToolCommand] = [
    ToolCommand(
      name: "top", help: "a live screen: sessions, rates, lag, gaps, books, NATS and health; q ends it",
      example: "top", invocation: .top)
  ]
}
