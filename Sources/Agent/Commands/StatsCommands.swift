import AdminProtocol

/// `stats`: every counter and gauge.
extension CollectorAgent {
  func statsReply(_ format: String?) async -> Reply {
    let page = await prometheusText()
    return format == "prometheus" ? StatsText.page(page) : StatsText.reply(page)
  }
}

/// The page of `/metrics` as replies of the admin socket.
package enum StatsText {
  /// The page itself. Its comment lines get a blank in front, as every body line that looks like the protocol's own.
  static func page(_ page: String) -> Reply {
    let lines = page.split(separator: "\n").map(String.init)
    return Reply(
      body: lines, fields: [ReplyField("samples", String(lines.count { !$0.hasPrefix("#") }))],
      data: ["page": .string(page)])
  }

  /// A line a sample, values one below the other; as data numbers, or text where a number is no whole one.
  package static func reply(_ page: String) -> Reply {
    let samples = samples(page)
    let width = samples.map(\.name.count).max() ?? 0
    let lines = samples.map { name, value in
      name + String(repeating: " ", count: width - name.count + 1) + value
    }
    let members = samples.map { name, value in
      (name, Int64(value).map { JSONValue.int($0) } ?? .string(value))
    }
    return Reply(
      body: lines, fields: [ReplyField("samples", String(samples.count))], data: ["samples": .object(members)])
  }

  /// What stands on the page, without its comments. A value holds no blank, a label may.
  private static func samples(_ page: String) -> [(name: String, value: String)] {
    page.split(separator: "\n").compactMap { line in
      guard !line.hasPrefix("#"), let blank = line.lastIndex(of: " ") else { return nil }
      return (String(line[..<blank]), String(line[line.index(after: blank)...]))
    }
  }
}
