import Settings
import Testing

@Suite("Golden configurations")
struct GoldenTests {
  @Test(
    "a good file loads as the stated effective settings, with the stated warnings",
    arguments: TestFiles.names(in: "good"))
  func good(name: String) throws {
    let path = "\(TestFiles.directory)/good/\(name)"
    let loaded = try SettingsLoader.load(file: "\(path).yaml", supported: TestFiles.supported).get()
    let dump = try #require(SettingsDump.text(loaded.settings))
    let warnings = loaded.warnings.map { "# warning: \($0)\n" }.joined()
    try TestFiles.expect("\(dump)\n\(warnings)", golden: "\(path).expected")
  }

  @Test(
    "a bad file gives exactly the stated errors, all at once and in file order",
    arguments: TestFiles.names(in: "bad").map { "bad/\($0)" } + TestFiles.names(in: "bad/keys").map { "bad/keys/\($0)" }
  )
  func bad(name: String) throws {
    let path = "\(TestFiles.directory)/\(name)"
    let result = SettingsLoader.load(file: "\(path).yaml", supported: TestFiles.supported)
    guard case .failure(let failure) = result else {
      Issue.record("\(name).yaml was accepted")
      return
    }
    #expect(!failure.errors.isEmpty)
    try TestFiles.expect(failure.errors.map { "\($0)\n" }.joined(), golden: "\(path).expected")
  }

  @Test("no message repeats a password, a token or a query")
  func secrets() throws {
    for name in TestFiles.names(in: "bad") {
      let path = "\(TestFiles.directory)/bad/\(name).yaml"
      guard case .failure(let failure) = SettingsLoader.load(file: path, supported: TestFiles.supported) else {
        continue
      }
      for error in failure.errors {
        #expect(!error.description.contains("hunter2") && !error.description.contains("secret"))
      }
    }
  }

  @Test(
    "every key of the schema has a bad file of its own, with an error of its value", arguments: SettingsSchema.entries)
  func everyKey(entry: SchemaEntry) throws {
    let name = entry.pattern.replacing("[]", with: "").replacing("*", with: "NAME")
    let text = String(decoding: try TestFiles.read("\(TestFiles.directory)/bad/keys/\(name).expected"), as: UTF8.self)
    let key = entry.pattern.replacing("[]", with: "[0]")
    let told = text.split(separator: "\n").filter { line in
      let parts = line.split(separator: ": ", maxSplits: 2)
      guard parts.count == 3, parts[2] != "unknown key" else { return false }
      // A key with a free name stands with that of the file, an error in a list with the item.
      return key.split(separator: "*").allSatisfy(parts[1].contains)
    }
    #expect(!told.isEmpty, "\(text)")
  }
}
