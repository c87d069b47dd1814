import Glibc

/// Saves the input at hand when the process is about to die of it, or has been at it for 10 s.
enum CrashCapture {
  // Written by the one thread that feeds; read by the signal handler, which may only use what is prepared here.
  private nonisolated(unsafe) static var input: UnsafeMutablePointer<UInt8>?
  private nonisolated(unsafe) static var count = 0
  private nonisolated(unsafe) static var path: UnsafeMutablePointer<CChar>?
  private static let room = 1 << 20
  private static let secondsAnInput: UInt32 = 10

  static func install(folder: String, target: String) {
    mkdir(folder, 0o755)
    if input == nil { input = .allocate(capacity: room) }
    free(path)
    path = strdup("\(folder)/\(target)-crash-\(getpid())")
    // Swift traps are SIGILL or SIGTRAP; the alarm is for hangs.
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM] {
      signal(number) { CrashCapture.save($0) }
    }
  }

  static func begin(_ bytes: [UInt8]) {
    count = min(bytes.count, room)
    bytes.withUnsafeBufferPointer { from in
      if let base = from.baseAddress { input?.update(from: base, count: count) }
    }
    alarm(secondsAnInput)
  }

  static func end() { alarm(0) }

  private static func save(_ number: Int32) {
    if let path, let input {
      let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
      _ = write(file, input, count)
      close(file)
      say("the input that did it is in ")
      _ = write(STDERR_FILENO, path, strlen(path))
      say("\n")
    }
    signal(number, SIG_DFL)
    raise(number)
  }

  private static func say(_ text: StaticString) { _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount) }
}
