/// Endpoints, checked without a URL library: what is needed is a known scheme, a host, and a port in range.
enum URLCheck {
  /// What is wrong with an endpoint, if anything. Never repeats its user name, password or query.
  static func problem(with url: String, schemes: [String]) -> ValueProblem? {
    let expected = schemes.map { "\($0)://" }.joined(separator: " or ")
    guard let scheme = schemes.first(where: { url.lowercased().hasPrefix("\($0)://") }) else {
      return ValueProblem("expected a URL that begins with \(expected), found \(Shown.text(redacted(url)))")
    }
    func bad(_ what: String) -> ValueProblem {
      ValueProblem("\(what) in the URL \(Shown.text(redacted(url)))")
    }
    if url.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f }) {
      return bad("a space or a control character")
    }
    let rest = url.dropFirst(scheme.count + 3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let hostAndPort = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    var host = hostAndPort
    var port: Substring?
    if hostAndPort.hasPrefix("[") {
      guard let end = hostAndPort.firstIndex(of: "]") else { return bad("«[» without «]»") }
      host = hostAndPort[...end].dropFirst().dropLast()
      let tail = hostAndPort[hostAndPort.index(after: end)...]
      guard tail.isEmpty || tail.hasPrefix(":") else { return bad("text after «]»") }
      port = tail.isEmpty ? nil : tail.dropFirst()
    } else if let colon = hostAndPort.lastIndex(of: ":") {
      host = hostAndPort[..<colon]
      port = hostAndPort[hostAndPort.index(after: colon)...]
      if host.contains(":") { return bad("an IPv6 address without [ ]") }
    }
    if host.isEmpty { return bad("no host") }
    if let port {
      guard !port.isEmpty, port.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(port),
        (1...65535).contains(number)
      else { return bad("a port that is not 1…65535") }
    }
    return nil
  }

  /// The endpoint without what may be secret: user name and password, query and fragment.
  static func redacted(_ url: String) -> String {
    var shown = url[...]
    let scheme = shown.range(of: "://").map { shown[..<$0.upperBound] } ?? ""
    if let query = shown.firstIndex(where: { $0 == "?" || $0 == "#" }) {
      // With an «@» behind it, it may as well be part of a password.
      if shown[query...].contains("@") { return scheme + "***" }
      shown = Substring(shown[...query] + "***")
    }
    guard let at = shown.lastIndex(of: "@") else { return String(shown) }
    return scheme + "***" + shown[at...]
  }
}

extension Substring {
  /// Where a short text first occurs; the standard library has it only behind a newer module.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
