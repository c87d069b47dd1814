import Testing

@testable import Agent

@Suite("Who waits for which reload")
struct ReloadQueueTests {
  private let plain = ReloadJob.reload(ReloadRequest())

  @Test("a hundred callers who come while one runs share a single later run")
  func storm() {
    var queue = ReloadQueue()
    #expect(queue.add(plain, by: "signal", waiter: 0) == true)
    #expect(queue.next()?.waiters == [0])
    for waiter in 1...100 { #expect(queue.add(plain, by: "signal", waiter: waiter) == true) }
    #expect(queue.next() == nil)
    queue.ended()
    let batch = queue.next()
    #expect(batch?.waiters == Array(1...100))
    #expect(batch?.callers == ["signal"])
    queue.ended()
    #expect(queue.next() == nil)
  }

  @Test("those who want something else get a run of their own, in the order they came")
  func different() {
    var queue = ReloadQueue()
    let dry = ReloadJob.reload(ReloadRequest(dryRun: true))
    for (waiter, job) in [plain, dry, plain, .confirm, dry].enumerated() {
      #expect(queue.add(job, by: "uid \(waiter)", waiter: waiter) == true)
    }
    #expect(queue.waiting.map(\.waiters) == [[0, 2], [1, 4], [3]])
    #expect(queue.waiting.first?.callers == ["uid 0", "uid 2"])
  }

  @Test("of two who name the same generation only one may find it; two who roll the same one back mean one step")
  func guards() {
    var queue = ReloadQueue()
    for waiter in 0..<2 {
      #expect(queue.add(.reload(ReloadRequest(ifGeneration: 7)), by: "a", waiter: waiter) == true)
      #expect(queue.add(.reload(ReloadRequest(confirmWithin: .seconds(5))), by: "a", waiter: waiter) == true)
      #expect(queue.add(.reload(ReloadRequest(kind: .rollback, ifGeneration: 7)), by: "a", waiter: waiter) == true)
    }
    #expect(queue.waiting.map(\.waiters.count) == [1, 1, 2, 1, 1])
  }

  @Test("the queue is bounded, and the collector's own undo still finds room")
  func bounded() {
    var queue = ReloadQueue()
    for waiter in 0..<ReloadQueue.limit { #expect(queue.add(.confirm, by: "a", waiter: waiter) == true) }
    #expect(queue.add(.confirm, by: "a", waiter: 99) == false)
    #expect(queue.add(.expire(ticket: 1), by: "collector", waiter: 100) == true)
    var shared = ReloadQueue()
    for waiter in 0..<ReloadQueue.waiterLimit { #expect(shared.add(plain, by: "a", waiter: waiter) == true) }
    #expect(shared.add(plain, by: "a", waiter: -1) == false)
  }
}
