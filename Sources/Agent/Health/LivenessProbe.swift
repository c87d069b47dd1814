import NIOCore

/// Whether what does the work still turns: the event loops, the delivery thread and the agent itself.
///
/// Depends on nothing outside the process: neither NATS nor an exchange can make it fail.
public struct LivenessProbe: Sendable {
  /// The delivery thread turns every second; a write on a socket that is full may hold it for two.
  private static let longestTurn = Duration.seconds(5)

  private let agent: CollectorAgent
  private let loops: [any EventLoop]

  /// A probe of an agent and of the event loops it was given.
  public init(agent: CollectorAgent, group: any EventLoopGroup) {
    self.agent = agent
    loops = group.makeIterator().map { $0 }
  }

  /// Asks every part for an answer.
  ///
  /// - Parameter limit: how long an answer may take; all parts are asked at the same time.
  /// - Returns: the parts that did not answer, by name; empty while the collector lives.
  public func silentParts(within limit: Duration) async -> [String] {
    await withTaskGroup(of: String?.self) { group in
      for (index, loop) in loops.enumerated() {
        group.addTask {
          await Self.answers(within: limit) { try? await loop.submit {}.get() } ? nil : "event loop \(index)"
        }
      }
      group.addTask { [agent] in await Self.answers(within: limit) { await agent.answer() } ? nil : "agent" }
      group.addTask { [agent] in
        agent.delivery.hasTurned(within: max(limit, Self.longestTurn)) ? nil : "delivery thread"
      }
      return await group.reduce(into: []) { silent, part in
        if let part { silent.append(part) }
      }.sorted()
    }
  }

  private static func answers(within limit: Duration, _ question: @escaping @Sendable () async -> Void) async -> Bool {
    await withDeadline(limit, question) != nil
  }
}

extension CollectorAgent {
  /// Returns as soon as the agent gets around to it.
  func answer() {}
}
