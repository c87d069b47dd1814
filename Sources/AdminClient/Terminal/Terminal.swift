import Glibc
import Synchronization

/// A terminal that gives every key at once and echoes none, and becomes again what it was.
package final class Terminal {
  private let input: Int32
  private let output: Int32
  private var before = termios()
  private var isRaw = false

  /// Nil when input or output is no terminal.
  package init?(input: Int32, output: Int32) {
    self.input = input
    self.output = output
    guard isatty(output) == 1, tcgetattr(input, &before) == 0 else { return nil }
  }

  deinit { restore() }

  /// Keys come at once from now on, Ctrl-C too. Output is processed as before.
  package func makeRaw() {
    guard !isRaw else { return }
    var mode = before
    mode.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
    mode.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
    isRaw = tcsetattr(input, TCSADRAIN, &mode) == 0
  }

  /// Makes it what it was.
  package func restore() {
    guard isRaw else { return }
    isRaw = tcsetattr(input, TCSADRAIN, &before) != 0
  }

  /// Columns and rows; 80×24 when the terminal does not tell.
  package var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Writes text as it is.
  package func write(_ text: String) { ToolStreams.write(text, to: output) }

  /// What has been typed: nothing when nothing was within the time, nil when the terminal is gone.
  package func read(within duration: Duration) -> [UInt8]? {
    if Poll.wait([(input, .input)], Deadline(in: duration)).isEmpty { return [] }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(input, &buffer, buffer.count)
    if count < 0 && (errno == EINTR || errno == EAGAIN) { return [] }
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }
}
