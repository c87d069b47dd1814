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

  private static let hasValidator = system("python3 -W ignore -c 'import jsonschema, yaml' 2>/dev/null") == 0

  @Test(
    "a validator takes every effective dump of the good files and the shipped file, and refuses the bad files of keys",
    .enabled(if: hasValidator, "python3 has no jsonschema and yaml here"))
  func validator() throws {
    let path = "/tmp/settings-validator-\(getpid()).json"
    try TestFiles.write(SettingsJSONSchema.text, to: path)
    defer { unlink(path) }
    // A bound of a quantity with a unit, and what only the reader's own rules know, JSON Schema cannot say.
    let check = """
      import glob, json, jsonschema, sys, yaml
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      validator = jsonschema.Draft202012Validator(schema)
      for name in glob.glob(sys.argv[2] + "/good/*.expected") + [sys.argv[3]]:
          for error in validator.iter_errors(yaml.safe_load(open(name))): print(name, error.json_path, error.message)
      for name in sorted(glob.glob(sys.argv[2] + "/bad/keys/*.yaml")):
          if validator.is_valid(yaml.safe_load(open(name))):
              told = open(name[:-5] + ".expected").read()
              if "with its unit" not in told: print("accepted", name.rsplit("/", 1)[1])
      """
    let found = try run("python3", ["-W", "ignore", "-c", check, path, TestFiles.directory, TestFiles.shipped])
    let accepted = ["http.address", "nats.subject"].map { "accepted \($0).yaml\n" }.joined()
    #expect(found == accepted)
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
