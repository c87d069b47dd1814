import AdminProtocol
import Testing

@Suite("Built-in commands")
struct BuiltInCommandsTests {
  private func reply(_ words: String...) throws -> Reply? {
    BuiltInCommands.reply(to: try CommandTable.resolve(Request(arguments: words)).get(), version: "collector 1.2")
  }

  @Test("help lists every command, or explains those that begin so")
  func help() throws {
    let all = try #require(try reply("help"))
    #expect(all.body.count == CommandTable.all.count)
    let nats = try #require(try reply("help", "nats"))
    let natsCommands = CommandTable.all.filter { $0.words.first == "nats" }
    #expect(nats.body.filter { !$0.hasPrefix(" ") } == natsCommands.map(\.usage) && natsCommands.count > 1)
    let one = try #require(try reply("help", "nats", "reset"))
    #expect(
      one.body == ["nats reset", "  return to the configured NATS policy", "  role: operator", "  example: nats reset"])
    #expect(try reply("help", "helth")?.error?.slug == .unknownCommand)
  }

  @Test("version, quit and prompt need no collector; the others do")
  func others() throws {
    #expect(try reply("version")?.body == ["collector 1.2"])
    #expect(try reply("quit")?.closes == true)
    #expect(try reply("prompt")?.error == nil)
    #expect(try reply("health") == nil)
  }
}
