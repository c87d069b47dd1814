import Glibc

/// Memory whose last byte stands right before a page that cannot be touched, so that reading one byte too far ends
/// the test run instead of going unnoticed.
package final class GuardedBytes {
  private let base: UnsafeMutableRawPointer
  private let size: Int
  private static let page = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// Why there is no such memory.
  package struct Failure: Error {}

  package init(capacity: Int) throws {
    let size = (max(1, capacity) + Self.page - 1) / Self.page * Self.page
    let map = mmap(nil, size + Self.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let map, map != MAP_FAILED, mprotect(map + size, Self.page, PROT_NONE) == 0 else { throw Failure() }
    base = map
    self.size = size
  }

  deinit { munmap(base, size + Self.page) }

  /// Copies `bytes` to the end of the memory; what does not fit is cut off at the front.
  package func place(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
    let count = min(bytes.count, size)
    let start = base + (size - count)
    bytes.withUnsafeBytes { source in
      guard let first = source.baseAddress else { return }
      start.copyMemory(from: first + (source.count - count), byteCount: count)
    }
    return UnsafeRawBufferPointer(start: start, count: count)
  }
}
