import Glibc
import Settings
import Testing

@Suite("The JSON Schema")
struct JSONSchemaTests {
  @Test("python reads it, every key of the table is in it, and every reference leads somewhere")
  func structure() throws {
    let path = "/tmp/settings-schema-\(getpid()).json"
    try TestFiles.write(SettingsJSONSchema.text, to: path)
    defer { unlink(path) }
    let keys = SettingsSchema.entries.map(\.pattern).joined(separator: " ")
    // Walks to every key through properties, additionalProperties and items, and looks at what stands there.
    let check = """
      import json, sys
      root = json.load(open(sys.argv[1]))
      assert root["$schema"].endswith("2020-12/schema")
      def follow(node):
          while "$ref" in node:
              at = root
              for part in node["$ref"].removeprefix("#/").split("/"): at = at[part]
              node = at
          return node
      def walk(node):
          if isinstance(node, dict):
              if "$ref" in node: follow(node)
              for value in node.values(): walk(value)
          elif isinstance(node, list):
              for value in node: walk(value)
      walk(root)
      for key in sys.argv[2].split():
          node = root
          for part in key.split("."):
              name = part.removesuffix("[]")
              node = follow(node)
              node = node["additionalProperties"] if name == "*" else node["properties"][name]
              if part.endswith("[]"): node = node["oneOf"][0]["items"]
          assert node["description"] and node["anyOf"] and node["x-reload"] in ("hot", "rebuild", "restart"), key
      port = root["properties"]["collector"]["properties"]["http_port"]
      assert port["anyOf"][0] == {"type": "integer", "minimum": 0, "maximum": 65535} and port["default"] == 8081
      print("sound")
      """
    #expect(try run("python3", ["-c", check, path, keys]) == "sound\n")
  }

  /// What a program of the path prints; an empty text when it fails.
  private func run(_ program: String, _ arguments: [String]) throws -> String {
    let quoted = ([program] + arguments).map { "'\($0.replacing("'", with: "'\\''"))'" }.joined(separator: " ")
    let pipe = try #require(popen(quoted, "r"))
    var output: [UInt8] = []
    while case let byte = getc(pipe), byte != EOF { output.append(UInt8(truncatingIfNeeded: byte)) }
    return pclose(pipe) == 0 ? String(decoding: output, as: UTF8.self) : ""
  }
}
