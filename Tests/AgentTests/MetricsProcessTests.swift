import Agent
import Glibc
import Testing

@Suite("the process's own figures")
struct MetricsProcessTests {
  @Test("they are those of this process")
  func figures() throws {
    let figures = try #require(ProcessFigures.current())
    let now = Double(time(nil))
    #expect(figures.startTimeSeconds <= now + 2 && figures.startTimeSeconds > now - 86_400)
    #expect(figures.residentMemoryBytes > 1 << 20 && figures.residentMemoryBytes < 1 << 40)
    #expect(figures.cpuSeconds >= 0)
    #expect(try #require(figures.openFiles) >= 3)
  }

  @Test("a command name with blanks and parentheses does not shift the fields")
  func hostileName() throws {
    let fields = (4...52).map { String($0 * 10) }.joined(separator: " ")
    let times = try #require(ProcessFigures.Times(statText: "17 (a) b) (c) S \(fields)\n"))
    #expect(times.user == 140 && times.system == 150 && times.start == 220 && times.residentPages == 240)
  }

  @Test("a cut-off line gives nothing", arguments: ["", "17", "17 (x)", "17 (x) S 1 2 3"])
  func cutOff(text: String) {
    #expect(ProcessFigures.Times(statText: text) == nil)
  }
}
