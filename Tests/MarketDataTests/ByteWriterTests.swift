import FoundationEssentials
import MarketData
import TestSupport
import Testing

@Suite("Byte writer")
struct ByteWriterTests {
  @Test("integers are written in full, both ends included", arguments: [0, 7, -1, 10, 99, 100, 1_000_000, .max, .min])
  func integers(value: Int64) {
    var writer = ByteWriter()
    writer.append(integer: value)
    #expect(writer.string == String(value))
  }

  @Test("random integers of every length are written as the standard library writes them")
  func randomIntegers() {
    var random = Seeded(5)
    for _ in 0..<10_000 {
      let value = Int64(bitPattern: random.next()) >> Int64(random.below(64))
      var writer = ByteWriter()
      writer.append(integer: value)
      #expect(writer.string == String(value))
    }
  }

  @Test("what was written before stays when the memory grows")
  func growth() {
    var writer = ByteWriter(capacity: 1)
    var expected = ""
    for number in 0..<5_000 {
      writer.append(integer: Int64(number))
      writer.append(",")
      expected += "\(number),"
    }
    writer.append(FixedDecimal(mantissa: 5, scale: 18, trailingZeros: 255))
    expected += "0.000000000000000005" + String(repeating: "0", count: 255)
    #expect(writer.string == expected)
  }

  @Test("cutting off keeps the front, and never makes it longer")
  func truncation() {
    var writer = ByteWriter()
    writer.append(text: "abcdef")
    writer.truncate(to: 100)
    #expect(writer.string == "abcdef")
    writer.truncate(to: 3)
    writer.append([0x21])
    #expect(writer.string == "abc!")
    writer.truncate(to: -1)
    #expect(writer.count == 0)
    writer.append(UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(writer.string == "")
  }

  @Test("hostile texts become JSON strings that read back the same")
  func hostileStrings() throws {
    var texts = [
      "", "\"", "\\", "\\\"", "</script>", "\u{0}", "\u{7F}", "\u{2028}", "ünï", "😀", "a\nb\tc\rd", "\\u0041",
    ]
    texts.append(String(String.UnicodeScalarView((0..<0x20).compactMap { Unicode.Scalar($0) })))
    var random = Seeded(6)
    for _ in 0..<500 {
      let scalars = (0..<random.below(20)).compactMap { _ in Unicode.Scalar(UInt32(random.below(0x300))) }
      texts.append(String(String.UnicodeScalarView(scalars)))
    }
    for text in texts {
      var writer = ByteWriter()
      writer.append("[")
      writer.append(jsonString: text)
      writer.append("]")
      let back = try JSONDecoder().decode([String].self, from: Data(writer.bytes))
      #expect(back.map { Array($0.utf8) } == [Array(text.utf8)])
    }
  }

  @Test("control characters, quotes and backslashes are escaped exactly so")
  func escapes() {
    var writer = ByteWriter()
    writer.append(jsonString: "a\"\\\n\r\t\u{1}\u{1F}é/")
    #expect(writer.string == #""a\"\\\n\r\t\u0001\u001fé/""#)
  }
}
