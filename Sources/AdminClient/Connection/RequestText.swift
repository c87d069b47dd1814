import AdminProtocol

/// Writes a request as it is sent.
package enum RequestText {
  /// The line, and the payload with a tag that none of its lines is.
  package static func bytes(_ request: Request) -> [UInt8] {
    let line = Quoting.request(request.arguments, json: request.json)
    guard let payload = request.payload else { return Array((line + "\n").utf8) }
    // Bytes, not Characters: CRLF is one Character to Swift, and ends a line to the parser.
    let lines = Set(
      payload.utf8.split(separator: UInt8(ascii: "\n")).map { line in
        String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
      })
    var tag = "EOF"
    var number = 0
    while lines.contains(tag) {
      number += 1
      tag = "EOF\(number)"
    }
    let end = payload.isEmpty || payload.utf8.last == UInt8(ascii: "\n") ? "" : "\n"
    return Array("\(line) <<\(tag)\n\(payload)\(end)\(tag)\n".utf8)
  }
}
