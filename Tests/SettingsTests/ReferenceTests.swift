import Glibc
import Settings
import Testing

@Suite("References in values")
struct ReferenceTests {
  /// A directory that is removed with the test.
  private final class Folder {
    let path: String

    init() throws {
      var template = Array("/tmp/settings-references-XXXXXX".utf8CString)
      path = String(cString: try #require(mkdtemp(&template)))
    }

    func write(_ text: String, to name: String) throws -> String {
      try TestFiles.write(text, to: "\(path)/\(name)")
      return "\(path)/\(name)"
    }

    deinit {
      for name in ["token", "large", "binary", "full", "c.yaml"] { unlink("\(path)/\(name)") }
      rmdir(path)
    }
  }

  @Test("variables, defaults, files and credentials stand in values, quoted or not, of every type")
  func resolved() throws {
    let folder = try Folder()
    let token = try folder.write("s3cr3t\n", to: "token")
    let text = """
      collector:
        http_port: ${PORT}
        log_level: "${LEVEL:-debug}"
        enable_orderbook_manager: ${EMPTY:-no}
        verify_timeout: ${SECONDS}s
      nats:
        urls: ["nats://user:${credential:token}@${HOST:-h}:4222", "nats://${file:\(token)}@b"]
        client_name: ${UNSET:-}
      proxy: {no_proxy: ["$${literal}", "a$b$$c"]}

      """
    let environment = [
      "PORT": "9001", "SECONDS": "7", "EMPTY": "", "CREDENTIALS_DIRECTORY": folder.path,
    ]
    let settings = try loadText(text + oneExchange, environment: environment).settings
    #expect(settings.collector.httpPort == 9001)
    #expect(settings.collector.logLevel == .debug)
    #expect(!settings.collector.enableOrderbookManager)
    #expect(settings.collector.verifyTimeout == .seconds(7))
    #expect(settings.nats.urls == ["nats://user:s3cr3t@h:4222", "nats://s3cr3t@b"])
    #expect(settings.nats.clientName == "marketprism-collector")
    #expect(settings.proxy.noProxy == ["${literal}", "a$b$$c"])
    #expect(SettingsDump.text(settings, at: "nats.urls") == "[nats://***@h:4222, nats://***@b]")
  }

  @Test("what a reference gave is never read for references, and keys have none")
  func once() throws {
    let loaded = try loadText(
      "proxy: {no_proxy: [\"${A}\"]}\n" + oneExchange, environment: ["A": "${B} $${C} ~", "B": "b"])
    #expect(loaded.settings.proxy.noProxy == ["${B} $${C} ~"])
    #expect(
      errors("\"${A}\": 1\n" + oneExchange, environment: ["A": "collector"]) == ["t.yaml:1:1: ${A}: unknown key"])
  }

  @Test("everything wrong with references is told at its place, and nothing that follows from it")
  func wrong() throws {
    let folder = try Folder()
    let large = try folder.write(String(repeating: "x", count: 65537), to: "large")
    let binary = try folder.write("\u{1}", to: "binary")
    _ = try folder.write(String(repeating: "x", count: 65535) + "\n", to: "full")
    #expect(truncate(binary, 3) == 0)
    let lines = [
      ("${NOWHERE}", "the variable NOWHERE is not set; ${NOWHERE:-…} would give a default"),
      ("${", "a reference begins with «${» and has no «}»; for the text itself write «$${»"),
      ("x${A", "a reference begins with «${» and has no «}»; for the text itself write «$${»"),
      ("${}", "\"\" in «${…}» is no name of a variable"),
      ("${1A}", "\"1A\" in «${…}» is no name of a variable"),
      ("${A B}", "\"A B\" in «${…}» is no name of a variable"),
      ("${file:token}", "${file:…} takes an absolute path, found \"token\""),
      ("${file:\(folder.path)/none}", "the file \"\(folder.path)/none\" cannot be opened: No such file or directory"),
      ("${file:\(folder.path)}", "the file \"\(folder.path)\" is a directory, not a file"),
      ("${file:/dev/zero}", "the file \"/dev/zero\" is not a regular file"),
      ("${file:\(large)}", "the file \"\(large)\" is larger than 64KiB"),
      ("${file:\(binary)}", "the file \"\(binary)\" is no text in UTF-8"),
      ("${credential:../token}", "${credential:…} takes a name without «/», found \"../token\""),
      ("${credential:none}", "the credential none cannot be opened: No such file or directory"),
      (
        "${credentials:a}",
        "unknown reference \"credentials\"; known are VAR, VAR:-default, file:, credential: (did you mean «credential»?)"
      ),
    ]
    let text = "proxy:\n  no_proxy:\n" + lines.map { "    - '\($0.0)'\n" }.joined()
    let found = errors(text + oneExchange, environment: ["A": "a", "CREDENTIALS_DIRECTORY": folder.path])
    let expected = lines.enumerated().map { "t.yaml:\($0.offset + 3):7: proxy.no_proxy[\($0.offset)]: \($0.element.1)" }
    #expect(found == expected)
    #expect(
      errors("nats: {client_name: '${credential:x}'}\n" + oneExchange) == [
        "t.yaml:1:21: nats.client_name: the credential x is passed by the service manager only "
          + "(CREDENTIALS_DIRECTORY is not set)"
      ])
    let full = "nats: {subject: '${file:\(folder.path)/full}'}\n" + oneExchange
    #expect(errors(full).first?.contains("found a secret that is none") == true)
  }

  @Test("references that stand for more than a mebibyte in all are refused")
  func bounded() throws {
    let folder = try Folder()
    let full = try folder.write(String(repeating: "x", count: 65536), to: "full")
    let items = (0..<17).map { _ in "'${file:\(full)}'" }.joined(separator: ", ")
    let found = errors("proxy: {no_proxy: [\(items)]}\n" + oneExchange)
    #expect(found.contains { $0.hasSuffix("proxy.no_proxy[16]: references stand for more than 1MiB") })
  }

  @Test("no message, dump or difference repeats what came from a file or a credential")
  func secrets() throws {
    let folder = try Folder()
    let token = try folder.write("hunter2\n", to: "token")
    let environment = ["CREDENTIALS_DIRECTORY": folder.path]
    let keys = SettingsSchema.entries.filter { !$0.pattern.contains("[]") && !$0.pattern.contains("*") }
    for entry in keys {
      for reference in ["${file:\(token)}", "${credential:token}", "x:${credential:token}/y?${file:\(token)}#@"] {
        for list in [false, true] {
          let path = entry.pattern.split(separator: ".")
          var text = list ? "[\"\(reference)\", \"\(reference)\"]" : "\"\(reference)\""
          for key in path.reversed() { text = "{\(key): \(text)}" }
          text = text.dropFirst().dropLast() + "\n" + oneExchange
          switch SettingsLoader.load(
            text: text, name: "t.yaml", supported: TestFiles.supported, environment: environment)
          {
          case .success(let loaded):
            let changes = SettingsDiff.changes(from: .init(), to: loaded.settings)
            let shown = try #require(SettingsDump.text(loaded.settings)) + "\(changes)\(loaded.warnings)"
            #expect(!shown.contains("hunter2"), "\(shown)")
            #expect(SettingsDump.text(loaded.settings, redacting: false)?.contains("hunter2") == true)
          case .failure(let failure): #expect(!failure.description.contains("hunter2"), "\(failure)")
          }
        }
      }
    }
  }

  @Test("a secret of an exchange entry stays one, whatever the order of the entries")
  func exchanges() throws {
    let folder = try Folder()
    let token = try folder.write("hunter2", to: "token")
    let text = """
      exchanges:
        - {exchange: binance, market_type: spot, symbols: [BTCUSDT]}
        - {exchange: binance, market_type: perpetual, symbols: [BTCUSDT], ws_url: "wss://h/${file:\(token)}"}
      """
    let loaded = try loadText(text)
    #expect(loaded.settings.exchanges[1].wsURL == "wss://h/hunter2")
    #expect(loaded.isSecret("exchanges[1].ws_url") && !loaded.isSecret("exchanges[0].ws_url"))
    #expect(SettingsDump.text(loaded.settings, at: "exchanges[1].ws_url") == "\"***\"")
    var other = loaded.settings
    other.exchanges.reverse()
    other.exchanges[0].wsURL = nil
    let change = try #require(SettingsDiff.changes(from: loaded.settings, to: other).first)
    #expect(change.keyPath == "exchanges[0].ws_url" && change.old == "***" && change.new == "~")
    #expect(SettingsDump.text(loaded.settings)?.contains("hunter2") == false)
  }

  @Test("a fragment of somebody else shows nothing of the environment")
  func foreign() throws {
    let folder = try Folder()
    let file = try folder.write(oneExchange, to: "c.yaml")
    let text = Array("nats: {client_name: '${TOKEN}', subject: 'x${TOKEN}'}\nproxy: {no_proxy: ['${TOKEN}']}\n".utf8)
    func load(_ fragment: SettingsFragment) -> Result<LoadedSettings, SettingsErrors> {
      SettingsLoader.load(
        file: file, supported: TestFiles.supported, environment: ["TOKEN": "hunter2"], fragment: fragment)
    }
    guard case .failure(let failure) = load(SettingsFragment(name: "payload", text: text)) else {
      Issue.record("accepted")
      return
    }
    #expect(failure.errors.count == 1 && !failure.description.contains("hunter2"), "\(failure)")
    let sound = Array("proxy: {no_proxy: ['${TOKEN}']}\n".utf8)
    let foreign = try load(SettingsFragment(name: "payload", text: sound)).get()
    #expect(SettingsDump.text(foreign.settings, at: "proxy.no_proxy") == "[\"***\"]")
    let own = try load(SettingsFragment(name: "payload", text: sound, mayShowVariables: true)).get()
    #expect(SettingsDump.text(own.settings, at: "proxy.no_proxy") == "[hunter2]")
  }

  @Test("a fragment of somebody else names no files, whose errors would tell what is in them")
  func foreignFiles() throws {
    let folder = try Folder()
    let file = try folder.write(oneExchange, to: "c.yaml")
    let other = try folder.write("hunter2: 1\n", to: "token")
    let fragment = SettingsFragment(name: "payload", text: Array("exchanges: {configs: [\(other)]}\n".utf8))
    guard
      case .failure(let failure) = SettingsLoader.load(file: file, supported: TestFiles.supported, fragment: fragment)
    else {
      Issue.record("accepted")
      return
    }
    #expect(
      failure.description
        == "payload:1:23: exchanges.configs[0]: a text that is no file of the configuration cannot name files")
  }

  @Test("outside of the service its credentials are unknown: a warning, and the rest is checked")
  func outside() throws {
    let folder = try Folder()
    let file = try folder.write(
      "nats: {url: 'nats://${credential:x}@h', grace: 1h}\n"
        + "exchanges: [{exchange: binance, market_type: '${credential:m}', symbols: ['${credential:s}', A]}]\n",
      to: "c.yaml")
    let loaded = try SettingsLoader.load(file: file, supported: TestFiles.supported, asService: false).get()
    #expect(loaded.settings.nats.grace == .seconds(3600))
    #expect(loaded.warnings.map(\.keyPath) == ["nats.url", "exchanges[0].market_type", "exchanges[0].symbols[0]"])
    #expect(
      loaded.warnings.first?.message == "the credential x is passed by the service manager only "
        + "(CREDENTIALS_DIRECTORY is not set); this value was not checked")
    guard case .failure(let failure) = SettingsLoader.load(file: file, supported: TestFiles.supported) else {
      Issue.record("accepted")
      return
    }
    #expect(failure.errors.count == 3)
  }
}
