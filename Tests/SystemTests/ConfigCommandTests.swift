import Testing

extension ProgramTests {
  @Suite("Commands that show the settings")
  struct ConfigCommandTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func start() async throws -> (Collector, Configuration) {
      let configuration = Configuration(exchange: try await Exchange(in: scratch))
      return (try await Collector(configuration, in: scratch), configuration)
    }

    @Test("config show prints the settings in force, whole or of one key, and knows the key that was meant")
    func show() async throws {
      let (collector, _) = try await start()
      let whole = try await collector.admin("config show")
      #expect(whole.contains("\nnats:\n") && whole.contains("\n  grace: 3s\n"), "\(whole)")
      let grace = try await collector.admin("config show nats.grace")
      #expect(grace.contains("3s") && grace.hasSuffix("OK generation=1"), "\(grace)")
      let wrong = try await collector.trailer("config show nats.grce")
      #expect(
        wrong == "ERR 404 unknown-key: there is no setting \"nats.grce\"; did you mean \"nats.grace\"? generation=1")
      let schema = try await collector.admin("config schema")
      #expect(schema.contains("\"$schema\"") && schema.hasSuffix("OK generation=1"))
      try await collector.stop()
    }

    @Test("config source names the file and line, the program's default, or the override")
    func source() async throws {
      let (collector, _) = try await start()
      let file = try await collector.admin("config source nats.grace")
      #expect(file == "\(collector.file):7:10\nOK source=file generation=1")
      #expect(try await collector.admin("config source http.address") == "built-in\nOK source=built-in generation=1")
      #expect(try await collector.trailer("nats required force").hasPrefix("OK"))
      let override = try await collector.admin("config source nats.optional")
      #expect(override.hasPrefix("override: nats.optional=false by uid "), "\(override)")
      #expect(override.contains("\nbeneath it: \(collector.file):5:13\nOK source=override "), "\(override)")
      #expect(try await collector.trailer("config source nats.optionl").contains("did you mean \"nats.optional\"?"))
      try await collector.stop()
    }

    @Test("status says which settings on disk are not in force, until they are")
    func drift() async throws {
      var (collector, configuration) = try await start()
      #expect(try await collector.admin("status").contains("\ndrift: none\n"))
      configuration.grace = "4s"
      try collector.rewrite(configuration)
      #expect(try await collector.admin("status").contains("\ndrift: nats.grace\n"))
      try Files.write("nats: [", to: collector.file)
      #expect(try await collector.admin("status").contains("\ndrift: the files cannot be loaded: "))
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload").contains("changed=true"))
      #expect(try await collector.admin("status").contains("\ndrift: none\n"))
      try await collector.stop()
    }
  }
}
