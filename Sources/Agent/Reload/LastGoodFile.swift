import Glibc

/// The file in `collector.state_directory` that keeps the last settings that worked, with their secrets, readable by the
/// collector's own user only.
public enum LastGoodFile {
  /// Its name below `collector.state_directory`.
  public static let name = "last-good.yaml"
  /// Where it stands when `collector.state_directory` is not set.
  public static let defaultDirectory = "/var/lib/marketprism"

  /// Larger than any configuration.
  private static let maximumBytes = 4 << 20

  /// Why it could not be kept or read.
  struct Failure: Error, Equatable, CustomStringConvertible {
    var description: String

    /// What was tried, and what the system says of it.
    init(_ what: String, _ code: Int32 = errno) { description = "\(what): \(String(cString: strerror(code)))" }
  }

  /// Replaces the file as a whole: a reader, or a start after a power cut, finds the old text or the new one.
  ///
  /// Blocks until the disk has it.
  static func save(_ text: String, in directory: String) throws(Failure) {
    let path = "\(directory)/\(name)"
    let draft = "\(directory)/.\(name).new"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure("cannot open \(draft)") }
    do throws(Failure) {
      try write(text, to: descriptor, draft)
      guard rename(draft, path) == 0 else { throw Failure("cannot rename \(draft) to \(path)") }
    } catch {
      unlink(draft)
      throw error
    }
    // Without this the name may be lost in a power cut, though not the bytes.
    let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Failure("cannot open \(directory)") }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw Failure("cannot write \(directory) through") }
  }

  /// The text that was kept.
  static func text(in directory: String) throws(Failure) -> String {
    let descriptor = open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Failure("cannot be opened") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < maximumBytes {
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      if count > 0 {
        bytes += chunk.prefix(count)
      } else if errno != EINTR {
        throw Failure("cannot be read")
      }
    }
    throw Failure("cannot be read", EFBIG)
  }

  /// Writes, waits for the disk and closes.
  private static func write(_ text: String, to descriptor: Int32, _ draft: String) throws(Failure) {
    var rest = Array(text.utf8)[...]
    var failure: Failure?
    // A draft left by somebody else may have another mode.
    if fchmod(descriptor, 0o600) != 0 { failure = Failure("cannot set the mode of \(draft)") }
    while failure == nil, !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count == 0 || errno != EINTR {
        failure = Failure("cannot write \(draft)", count == 0 ? EIO : errno)
      }
    }
    if failure == nil, fsync(descriptor) != 0 { failure = Failure("cannot write \(draft) through") }
    if close(descriptor) != 0, failure == nil { failure = Failure("cannot close \(draft)") }
    if let failure { throw failure }
  }
}
