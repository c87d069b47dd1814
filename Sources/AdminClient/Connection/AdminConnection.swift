import AdminProtocol

/// A connection on which requests are sent one after the other, each after the reply to the one before.
package final class AdminConnection {
  private let socket: UnixSocket
  private let silence: Duration

  /// Connects.
  ///
  /// - Parameters:
  ///   - path: The collector's socket.
  ///   - deadline: When connecting is given up, at the latest after `silence`.
  ///   - silence: How long a reply may show no sign of life.
  package init(path: String, deadline: Deadline?, silence: Duration = ToolSettings.silence) throws(ClientError) {
    self.silence = silence
    socket = try UnixSocket(path: path, deadline: .earlier(Deadline(in: silence), deadline))
  }

  /// Sends a request and reads its reply.
  ///
  /// - Parameters:
  ///   - deadline: When the reply is given up; nil for as long as there are signs of life.
  ///   - interrupt: Lets a person end it before.
  ///   - part: Gets each part as it comes, the last one too.
  /// - Returns: The end of the reply.
  package func ask(
    _ request: Request, deadline: Deadline?, interrupt: Interrupt? = nil, part: (ReplyReader.Part) -> Void
  ) throws(ClientError) -> Trailer {
    try socket.send(RequestText.bytes(request), deadline: .earlier(Deadline(in: silence), deadline))
    var reader = ReplyReader(json: request.json)
    while true {
      if let deadline, deadline.isOver { throw .timedOut("the reply was not whole in time") }
      let bytes = try socket.receive(deadline: .earlier(Deadline(in: silence), deadline), interrupt: interrupt)
      guard let bytes else { throw .cutOff }
      for received in try reader.feed(bytes) {
        part(received)
        switch received {
        case .trailer(let trailer): return trailer
        case .json(let value, let line): return Trailer(json: value, line: line)
        case .progress, .heartbeat, .body: break
        }
      }
    }
  }

  /// Sends a request and collects its body; nothing is shown.
  package func collect(
    _ request: Request, deadline: Deadline?, interrupt: Interrupt? = nil
  ) throws(ClientError) -> CollectedReply {
    var body: [String] = []
    var json: JSONValue?
    let trailer = try ask(request, deadline: deadline, interrupt: interrupt) { part in
      switch part {
      case .body(let line): body.append(line)
      case .json(let value, _): json = value
      case .progress, .heartbeat, .trailer: break
      }
    }
    return CollectedReply(body: body, json: json, trailer: trailer)
  }
}

/// A whole reply.
package struct CollectedReply {
  /// Lines of the body.
  package var body: [String]
  /// The object of a reply in JSON.
  package var json: JSONValue?
  /// The last line, or what a reply in JSON says in its place.
  package var trailer: Trailer
}
