import Glibc

/// Writes whole texts to the standard streams.
enum StandardStreams {
  /// Results, for people and pipes.
  static func output(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

  /// One line of an error, as programs print it.
  static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  /// Writes everything, however many calls it takes; gives up when nobody reads any more.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        return
      }
      rest = rest.dropFirst(written)
    }
  }
}
