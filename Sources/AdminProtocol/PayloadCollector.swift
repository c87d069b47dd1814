/// Collects the lines that follow a `<<` until the one that ends them.
struct PayloadCollector {
  private let ending: [UInt8]
  private let limit: Int
  private var payload: [UInt8] = []
  private var line: [UInt8] = []
  private var overflowed = false

  init(ending: [UInt8], limit: Int) {
    self.ending = ending
    self.limit = limit
  }

  /// Takes one byte; the payload, or why there is none, once it is whole.
  mutating func take(_ byte: UInt8) -> Result<String, ProtocolError>? {
    guard byte == UInt8(ascii: "\n") else {
      // A line longer than both what is left and the ending is over the limit whatever follows.
      if line.count > max(limit - payload.count, ending.count + 1) { overflow() } else { line.append(byte) }
      return nil
    }
    if isEnding { return finished() }
    if !overflowed && payload.count + line.count + 1 <= limit {
      payload += line
      payload.append(byte)
    } else {
      overflow()
    }
    line.removeAll(keepingCapacity: true)
    return nil
  }

  /// Input ended before the ending came. What may be cut off is not carried out.
  func unfinished() -> ProtocolError {
    let awaited = ending.isEmpty ? "an empty line" : String(decoding: ending, as: UTF8.self)
    return ProtocolError(.badArgument, "input ended before \(LineText.clipped(awaited)), which ends the payload")
  }

  private var isEnding: Bool {
    line == ending || (line.count == ending.count + 1 && line.last == UInt8(ascii: "\r") && line.starts(with: ending))
  }

  private mutating func overflow() {
    overflowed = true
    payload = []
  }

  private func finished() -> Result<String, ProtocolError> {
    if overflowed { return .failure(ProtocolError(.tooLarge, "the payload is over \(limit) bytes")) }
    guard !payload.contains(0), let text = String(validating: payload, as: UTF8.self) else {
      return .failure(ProtocolError(.badEncoding, "the payload holds a NUL or is not UTF-8"))
    }
    return .success(text)
  }
}
