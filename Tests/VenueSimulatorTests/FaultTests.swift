import Testing
import VenueSimulator

@Suite("Faults")
struct FaultTests {
  @Test(
    "are read from their specification",
    arguments: [
      ("drop:0.25", Fault.drop(probability: 0.25)), ("duplicate:1", .duplicate(probability: 1)),
      ("reorder:0", .reorder(probability: 0)), ("garbage:0.5", .garbage(probability: 0.5)),
      ("cut-midframe:5", .cutMidFrame(every: .seconds(5))), ("close:0.5", .close(every: .milliseconds(500))),
      ("stall:3", .stall(after: .seconds(3))), ("stale-snapshot:2", .staleSnapshot(count: 2)),
      ("rest-429:3", .rest429(count: 3)), ("rest-418:1", .rest418(count: 1)), ("no-pong-check", .noPongCheck),
      ("ping:20", .ping(every: .seconds(20))),
    ])
  func parsing(text: String, fault: Fault) throws {
    #expect(try BinanceSimulator.parseFault(text) == fault)
  }

  @Test(
    "with a wrong specification are refused with the reason",
    arguments: [
      ("drop:1.5", "needs a probability between 0 and 1"), ("drop", "needs a probability between 0 and 1"),
      ("drop:nan", "needs a probability between 0 and 1"), ("close:0", "needs seconds between 0.01 and 86400"),
      ("rest-429:0", "needs a whole number between 1 and 1000000"), ("no-pong-check:1", "takes no argument"),
    ])
  func refusals(text: String, reason: String) {
    let error = #expect(throws: FaultSyntaxError.self) { try Fault.parse(text) }
    #expect(error?.description == "fault '\(text)': \(reason)")
  }

  @Test("that are unknown are refused with the known ones")
  func unknown() {
    let error = #expect(throws: FaultSyntaxError.self) { try Fault.parse("explode:1") }
    #expect(error?.description.contains("fault 'explode:1': unknown fault; known are drop, duplicate") == true)
  }

  @Test("touch depth messages as asked and leave others alone")
  func messages() {
    func sent(_ faults: [Fault], isDepth: Bool = true) -> [String] {
      var machine = MessageFaults(seed: 1)
      let plan = FaultPlan(faults)
      return ["1", "2", "3", "4"].flatMap { machine.apply(plan, to: Array($0.utf8), isDepth: isDepth) }.map {
        switch $0 {
        case .text(let bytes): String(decoding: bytes, as: UTF8.self)
        case .binary: "binary"
        }
      }
    }
    #expect(sent([.drop(probability: 1)]) == [])
    #expect(sent([.drop(probability: 1)], isDepth: false) == ["1", "2", "3", "4"])
    #expect(sent([.duplicate(probability: 1)]) == ["1", "1", "2", "2", "3", "3", "4", "4"])
    #expect(sent([.reorder(probability: 1)]) == ["2", "1", "4", "3"])
    #expect(sent([.garbage(probability: 1)]).filter { $0 == "binary" }.count == 1)
    #expect(sent([.garbage(probability: 1)]).count == 8)
  }

  @Test("that are counted run out")
  func countedFaults() {
    var plan = FaultPlan([.rest429(count: 1), .rest418(count: 1), .staleSnapshot(count: 1)])
    let refusals = [plan.takeRefusal(), plan.takeRefusal(), plan.takeRefusal()].map { $0?.status }
    #expect(refusals == [429, 418, nil])
    let stale = [plan.takeStaleSnapshot(), plan.takeStaleSnapshot()]
    #expect(stale == [true, false])
  }
}
