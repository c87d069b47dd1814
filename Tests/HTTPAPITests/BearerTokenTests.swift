import Testing

@testable import HTTPAPI

@Suite("the token file")
struct BearerTokenTests {
  @Test("holds one line of visible ASCII; blanks around it do not count")
  func good() async throws {
    for content in ["abc", "abc\n", " abc\r\n\n", "\tabc "] {
      let file = try TokenFile(content)
      let token = try BearerToken(file: file.path)
      #expect(token.matches(Array("abc".utf8)))
      for other in ["", "ab", "abd", "abcd", "ABC", "abc\n"] { #expect(!token.matches(Array(other.utf8)), "\(other)") }
    }
    let long = String(repeating: "x", count: BearerToken.longest)
    let file = try TokenFile(long + "\n")
    #expect(try BearerToken(file: file.path).matches(Array(long.utf8)))
  }

  @Test(
    "is refused when it is empty, too long or no plain line, and what it holds is not repeated",
    arguments: [
      ("", "is empty"), ("\n \n", "is empty"), ("two tokens", "one line"), ("two\ntokens", "one line"),
      ("grüße", "one line"), ("a\u{0}b", "one line"), (String(repeating: "x", count: 4097), "longer than 4096 bytes"),
      (String(repeating: "y", count: 100_000), "longer than 4096 bytes"),
    ])
  func bad(content: String, said: String) throws {
    let file = try TokenFile(content)
    let error = #expect(throws: TokenFileError.self) { try BearerToken(file: file.path) }
    #expect(error?.description.contains(said) == true && error?.description.hasPrefix(file.path) == true)
    #expect(content.isEmpty || error?.description.contains(content) == false)
  }

  @Test("is refused when it cannot be read or is no file")
  func unreadable() throws {
    for (path, said) in [("/nonexistent/token", "No such file"), ("/tmp", "no regular file"), ("/dev/null", "regular")]
    {
      let error = #expect(throws: TokenFileError.self) { try BearerToken(file: path) }
      #expect(error?.description.contains(said) == true, "\(String(describing: error))")
    }
  }

  @Test("that everybody may read is known")
  func mode() throws {
    let (open, closed) = (try TokenFile(mode: 0o644), try TokenFile(mode: 0o640))
    #expect(try BearerToken(file: open.path).isPublic)
    #expect(try !BearerToken(file: closed.path).isPublic)
  }
}
