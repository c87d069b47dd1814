import Glibc

/// What must hold of a file's bytes before a YAML parser sees them.
enum TextCheck {
  /// The first thing wrong with the bytes, if anything.
  static func problem(in bytes: [UInt8], file: String) -> SettingsError? {
    if bytes.count > YAMLLimits.bytes {
      return SettingsError(
        Place(file: file), "", "larger than \(Units.show(bytes: YAMLLimits.bytes)) (\(bytes.count) bytes)")
    }
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      return SettingsError(Place(file: file, line: 1, column: 1), "", "UTF-16; a configuration is UTF-8")
    }
    if let offset = bytes.firstIndex(of: 0) {
      return SettingsError(place(of: offset, in: bytes, file: file), "", "a NUL byte; this is no text file")
    }
    if let offset = firstInvalidUTF8(in: bytes) {
      return SettingsError(place(of: offset, in: bytes, file: file), "", "not valid UTF-8")
    }
    return nil
  }

  /// Line and column (in characters) of a byte.
  static func place(of offset: Int, in bytes: [UInt8], file: String) -> Place {
    var place = Place(file: file, line: 1, column: 1)
    for byte in bytes.prefix(max(0, offset)) {
      if byte == UInt8(ascii: "\n") {
        place.line += 1
        place.column = 1
      } else if byte & 0xc0 != 0x80 {
        place.column += 1
      }
    }
    return place
  }

  private static func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
    // The whole text is nearly always sound, and the standard library says so at memory speed.
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar): offset += scalar.count
      case .error: return offset
      case .emptyInput: return nil
      }
    }
  }

  /// Whether a line (from 1) has a tab in its indentation.
  static func hasTabIndentation(line: Int, in bytes: [UInt8]) -> Bool {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: max(0, line), omittingEmptySubsequences: false)
    guard lines.indices.contains(line - 1) else { return false }
    return lines[line - 1].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.contains(UInt8(ascii: "\t"))
  }
}
