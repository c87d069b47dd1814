import Glibc
import Settings
import Testing

@Suite("What is laid over what")
struct PrecedenceTests {
  @Test("file, drop-ins in the C locale's order, fragment, environment: each goes before the one in front of it")
  func layers() throws {
    let folder = try Directory()
    let main = try folder.write("nats: {grace: 1s, client_name: main}\n" + oneExchange, to: "collector.yaml")
    let names = { (name: String) in "nats: {client_name: \(name)}\n" }
    var environment: [String: String] = [:]
    var fragment: SettingsFragment?
    func clientName() throws -> (String, String?) {
      let loaded = try SettingsLoader.load(
        file: main, supported: TestFiles.supported, environment: environment, fragment: fragment
      ).get()
      #expect(loaded.settings.nats.grace == .seconds(1))
      return (loaded.settings.nats.clientName, loaded.source(of: "nats.client_name")?.description)
    }
    #expect(try clientName() == ("main", "\(main):1:32"))
    // In the C locale capitals come first, and digits before them.
    for name in ["B", "a", "10"] {
      let path = try folder.write(names("in-\(name)"), to: "collector.d/\(name).yaml")
      let last = name == "10" ? "a" : name
      #expect(try clientName() == ("in-\(last)", path.replacing("/\(name).yaml", with: "/\(last).yaml") + ":1:21"))
    }
    fragment = SettingsFragment(name: "fragment", text: Array(names("over").utf8))
    #expect(try clientName() == ("over", "fragment:1:21"))
    environment["MARKETPRISM_NATS_CLIENT_NAME"] = "environment"
    #expect(try clientName() == ("environment", "environment:MARKETPRISM_NATS_CLIENT_NAME"))
  }

  @Test("of a directory of drop-ins everything odd is told and nothing hangs")
  func oddDirectories() throws {
    let folder = try Directory()
    let main = try folder.write(oneExchange, to: "collector.yaml")
    func problem() -> String {
      switch SettingsLoader.load(file: main, supported: TestFiles.supported) {
      case .success: "accepted"
      case .failure(let failure): failure.description.replacing(folder.path, with: "")
      }
    }
    let directory = "\(folder.path)/collector.d"
    #expect(symlink("/nonexistent", "\(folder.path)/link.yaml") == 0)
    #expect(mkdir(directory, 0o755) == 0)
    #expect(mkfifo("\(directory)/p.yaml", 0o600) == 0)
    #expect(symlink("/nonexistent", "\(directory)/l.yaml") == 0)
    #expect(mkdir("\(directory)/d.yaml", 0o755) == 0)
    #expect(
      problem() == """
        /collector.d/d.yaml: is a directory, not a file
        /collector.d/l.yaml: is a symbolic link that leads nowhere
        /collector.d/p.yaml: is not a regular file
        """)
    for name in ["p.yaml", "l.yaml"] { unlink("\(directory)/\(name)") }
    rmdir("\(directory)/d.yaml")
    for index in 0..<257 { _ = try folder.write("", to: "collector.d/\(index).yaml") }
    #expect(problem() == "/collector.d: has more than 256 files")
    unlink("\(directory)/0.yaml")
    #expect(problem() == "accepted")
    for index in 1..<257 { unlink("\(directory)/\(index).yaml") }
    rmdir(directory)
    _ = try folder.write("", to: "collector.d")
    #expect(problem() == "/collector.d: is not a directory")
  }

  @Test("drop-ins beside a file where anybody may write are ignored with a warning; a directory can be named instead")
  func temporary() throws {
    let folder = try Directory()
    let main = try folder.write(oneExchange, to: "collector.yaml")
    _ = try folder.write("collector: {http_port: 1}\n", to: "collector.d/a.yaml")
    chmod(folder.path, 0o1777)
    let alone = try SettingsLoader.load(file: main, supported: TestFiles.supported).get()
    #expect(alone.settings.collector.httpPort == 8081)
    #expect(
      alone.warnings.map(\.description) == [
        "\(folder.path)/collector.d: ignored, because anybody may write to the directory it is in"
      ])
    let named = try SettingsLoader.load(
      file: main, supported: TestFiles.supported, dropIns: "\(folder.path)/collector.d"
    ).get()
    #expect(named.settings.collector.httpPort == 1 && named.warnings.isEmpty)
    guard case .failure = SettingsLoader.load(file: main, supported: TestFiles.supported, dropIns: "/nonexistent")
    else {
      Issue.record("accepted")
      return
    }
  }
}

/// A directory that is removed with its files.
private final class Directory {
  let path: String
  private var files: [String] = []

  init() throws {
    var template = Array("/tmp/settings-precedence-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  func write(_ text: String, to name: String) throws -> String {
    if name.contains("/") { mkdir("\(path)/collector.d", 0o755) }
    try TestFiles.write(text, to: "\(path)/\(name)")
    files.append("\(path)/\(name)")
    return "\(path)/\(name)"
  }

  deinit {
    for file in files + ["\(path)/link.yaml"] { unlink(file) }
    rmdir("\(path)/collector.d")
    rmdir(path)
  }
}
