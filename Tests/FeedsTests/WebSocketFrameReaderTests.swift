import Feeds
import NIOCore
import Testing

@Suite("The frame reader")
struct WebSocketFrameReaderTests {
  private typealias Kind = WebSocketFrameReader.Event.Kind

  private struct Read: Equatable {
    var kind: Kind
    var bytes: [UInt8]
  }

  /// Reads a stream cut into pieces; nil at the end stands for a violation.
  private func read(_ pieces: [[UInt8]], limit: Int = 1000) -> ([Read], WebSocketViolation?) {
    var reader = WebSocketFrameReader(maxMessageBytes: limit)
    var result: [Read] = []
    for piece in pieces {
      let violation = piece.withUnsafeBytes { bytes -> WebSocketViolation? in
        var offset = 0
        do throws(WebSocketViolation) {
          while let event = try reader.next(bytes, &offset) {
            reader.withPayload(event.source, in: bytes) { result.append(Read(kind: event.kind, bytes: Array($0))) }
          }
          return nil
        } catch {
          return error
        }
      }
      if let violation { return (result, violation) }
    }
    return (result, nil)
  }

  private let sample: [UInt8] =
    [0x81, 3, 97, 98, 99, 0x01, 1, 100, 0x89, 2, 1, 2, 0x00, 0, 0x80, 1, 101, 0x82, 126, 0, 200]
    + [UInt8](repeating: 5, count: 200) + [0x8A, 0, 0x82, 127, 0, 0, 0, 0, 0, 0, 0, 2, 8, 9, 0x88, 2, 3, 232]

  private let expected: [Read] = [
    Read(kind: .text, bytes: [97, 98, 99]), Read(kind: .ping, bytes: [1, 2]), Read(kind: .text, bytes: [100, 101]),
    Read(kind: .binary, bytes: [UInt8](repeating: 5, count: 200)), Read(kind: .pong, bytes: []),
    Read(kind: .binary, bytes: [8, 9]), Read(kind: .close, bytes: [3, 232]),
  ]

  @Test("finds the same messages however the stream is cut in two, or into bytes")
  func cuts() {
    for cut in 0...sample.count {
      let (events, violation) = read([Array(sample[..<cut]), Array(sample[cut...])])
      #expect(events == expected, "cut at \(cut)")
      #expect(violation == nil)
    }
    #expect(read(sample.map { [$0] }).0 == expected)
  }

  @Test("hands a whole frame out in place, without collecting it")
  func inPlace() throws {
    var reader = WebSocketFrameReader(maxMessageBytes: 1000)
    let bytes: [UInt8] = [0x81, 1, 97, 0x81, 1, 98]
    let sources = try bytes.withUnsafeBytes { bytes in
      var offset = 0
      var sources: [WebSocketFrameReader.Source] = []
      while let event = try reader.next(bytes, &offset) { sources.append(event.source) }
      return sources
    }
    #expect(sources == [.input(2..<3), .input(5..<6)])
  }

  @Test(
    "refuses what the protocol forbids",
    arguments: [
      [0xC1, 0], [0xA1, 0], [0x91, 0], [0x83, 0], [0x8B, 0], [0x81, 0x80], [0x09, 0], [0x89, 126], [0x88, 127],
      [0x80, 0], [0x00, 0], [0x01, 0, 0x81, 0], [0x01, 0, 0x02, 0],
      [0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 1],
    ] as [[UInt8]])
  func violations(bytes: [UInt8]) {
    for pieces in [[bytes], bytes.map { [$0] }] {
      guard case .broken = read(pieces).1 else {
        Issue.record("accepted \(bytes)")
        continue
      }
    }
  }

  @Test("refuses a message beyond the limit by its header, before its bytes come")
  func tooLarge() {
    #expect(read([[0x82, 126, 3, 233]]).1 == .tooLarge)
    #expect(read([[0x82, 127, 0x7F, 255, 255, 255, 255, 255, 255, 255]]).1 == .tooLarge)
    #expect(read([[0x02, 3, 1, 2, 3, 0x80, 3]], limit: 5).1 == nil)
    #expect(read([[0x02, 3, 1, 2, 3, 0x80, 3, 1, 2, 3]], limit: 5).1 == .tooLarge)
    #expect(read([[0x82, 100]], limit: 5).1 == nil)
    #expect(read([[0x82, 6, 1, 2, 3, 4, 5, 6]], limit: 5).1 == .tooLarge)
    #expect(read([[0x89, 6, 1, 2, 3, 4, 5, 6]], limit: 5).1 == nil)
  }

  @Test("never traps on random bytes, cut at random")
  func randomBytes() {
    var generator = SplitMix(state: 7)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
        // Half of them plausible first bytes, so that the deeper states are reached too.
        Bool.random(using: &generator)
          ? [0x81, 0x01, 0x00, 0x80, 0x89, 2, 1, 0, 126, 127].randomElement(using: &generator) ?? 0
          : UInt8.random(in: 0...255, using: &generator)
      }
      let cut = Int.random(in: 0...bytes.count, using: &generator)
      let (events, _) = read([Array(bytes[..<cut]), Array(bytes[cut...])], limit: 50)
      #expect(events.allSatisfy { $0.bytes.count <= 125 })
    }
  }

  @Test("reads close frames: code and reason, none, or nonsense")
  func closeFrames() {
    func parse(_ bytes: [UInt8]) -> CloseFrame? { bytes.withUnsafeBytes(CloseFrame.init) }
    #expect(parse([])?.code == 1005)
    #expect(parse([3, 232, 104, 105])?.reason == "hi")
    #expect(parse([3, 232, 0xFF])?.reason == "\u{FFFD}")
    #expect(parse([3]) == nil)
    #expect(parse([0, 1]) == nil)
    #expect(parse([3, 237]) == nil)
    #expect(parse([255, 255]) == nil)
  }

  @Test("writes masked frames that unmask to the payload, in all three length forms")
  func writer() {
    for count in [0, 5, 125, 126, 65_535, 65_536] {
      let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
      var buffer = ByteBuffer()
      WebSocketFrameWriter.write(.binary, payload, mask: 0x0102_03FF, into: &buffer)
      let bytes = Array(buffer.readableBytesView)
      let header = count < 126 ? 6 : count < 65_536 ? 8 : 14
      #expect(bytes.count == header + count)
      #expect(bytes[1] & 0x80 == 0x80)
      let key: [UInt8] = [1, 2, 3, 255]
      let unmasked = bytes[header...].enumerated().map { $0.element ^ key[$0.offset % 4] }
      #expect(unmasked == payload)
    }
  }
}

/// A seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
