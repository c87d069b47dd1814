import Glibc
import Testing

@testable import Agent

@Suite("The file of the last good settings")
struct LastGoodFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var path: String { "\(folder.path)/\(LastGoodFile.name)" }

  @Test("it is replaced as a whole and only its owner may read it, whatever the umask and whatever stood there")
  func replaced() throws {
    try LastGoodFile.save("first", in: folder.path)
    chmod(path, 0o644)
    let before = umask(0)
    defer { umask(before) }
    try LastGoodFile.save("second\n", in: folder.path)
    #expect(folder.text(LastGoodFile.name) == "second\n")
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(folder.names == [LastGoodFile.name])
  }

  @Test("a reader never sees half of it")
  func whole() async throws {
    let long = String(repeating: "x", count: 200_000)
    try LastGoodFile.save(long, in: folder.path)
    let folder = folder
    let writer = Task.detached { for _ in 0..<50 { try LastGoodFile.save(long, in: folder.path) } }
    for _ in 0..<200 { #expect(folder.text(LastGoodFile.name).utf8.count == 200_000) }
    try await writer.value
  }

  @Test("what is in the way is said, and what stood there stays")
  func refused() throws {
    #expect {
      try LastGoodFile.save("x", in: "\(folder.path)/missing")
    } throws: { "\($0)".hasSuffix("last-good.yaml.new: No such file or directory") }
    // Somebody who can write into the folder must not make the collector overwrite another file.
    symlink("/dev/null", "\(folder.path)/.\(LastGoodFile.name).new")
    #expect { try LastGoodFile.save("x", in: folder.path) } throws: {
      "\($0)".hasSuffix("Too many levels of symbolic links")
    }
  }

  @Test("a full disk leaves the old file as it was and no draft behind", .enabled(if: geteuid() == 0))
  func full() throws {
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=64k,mode=700") == 0 else {
      Issue.record("tmpfs cannot be mounted: \(String(cString: strerror(errno)))")
      return
    }
    defer { umount(folder.path) }
    try LastGoodFile.save("good\n", in: folder.path)
    #expect {
      try LastGoodFile.save(String(repeating: "x", count: 1 << 20), in: folder.path)
    } throws: { "\($0)".hasSuffix("No space left on device") }
    #expect(folder.text(LastGoodFile.name) == "good\n")
    #expect(folder.names == [LastGoodFile.name])
  }
}

/// A folder that is gone, with the files in it, with its owner.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/marketprism-test-XXXXXX".utf8CString)
    _ = try #require(mkdtemp(&template))
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  var names: [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func text(_ name: String) -> String {
    let descriptor = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  func write(_ text: String, to name: String) throws {
    let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
  }
}
