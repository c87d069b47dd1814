/// A growing run of bytes, written at its end and reused: clearing keeps the memory, so that writing allocates nothing
/// once the largest message has been seen.
public struct ByteWriter: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<UInt8>
  /// Bytes written so far.
  public private(set) var count: Int
  @usableFromInline var capacity: Int

  /// Creates an empty writer with room for `capacity` bytes.
  public init(capacity: Int = 256) {
    self.capacity = max(capacity, 64)
    base = .allocate(capacity: self.capacity)
    count = 0
  }

  deinit { base.deallocate() }

  /// What has been written; valid until the next write.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// What has been written, as text.
  public var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Forgets what has been written; the memory stays.
  public mutating func removeAll() { count = 0 }

  /// Forgets what has been written behind the first `count` bytes.
  public mutating func truncate(to newCount: Int) { count = min(count, max(0, newCount)) }

  /// Makes room for `more` further bytes.
  @inline(__always)
  public mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let newCapacity = max(capacity * 2, count + more)
    let newBase = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
    newBase.update(from: base, count: count)
    base.deallocate()
    base = newBase
    capacity = newCapacity
  }

  /// Writes one byte.
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  /// Writes the bytes as they are.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Writes the bytes as they are.
  public mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  /// Writes a literal's bytes.
  public mutating func append(_ literal: StaticString) {
    append(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// Writes a text's UTF-8 bytes without any escape.
  public mutating func append(text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Counts `written` bytes that were put behind the end, in room that was reserved.
  @inline(__always)
  mutating func advance(_ written: Int) { count &+= written }
}
