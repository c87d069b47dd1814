import Agent
import Glibc
import NIOPosix
import Settings
import Synchronization
import Testing

@Suite("Signs of life")
struct LivenessProbeTests {
  /// Stands still until it is let go.
  private final class Brake: Sendable {
    let isOn = Atomic<Bool>(true)
    func hold() { while isOn.load(ordering: .acquiring) { usleep(1000) } }
    func release() { isOn.store(false, ordering: .releasing) }
  }

  @Test("an event loop that stands still is named, and lives again when it turns")
  func eventLoop() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let start = CollectorAgent.Start(settings: CollectorSettings(), file: nil, environment: [:], version: "1")
    let agent = CollectorAgent(start: start, group: group, logControl: LogControl(level: .critical))
    let probe = LivenessProbe(agent: agent, group: group)
    #expect(await probe.silentParts(within: .seconds(5)) == [])

    let brake = Brake()
    let held = group.next().submit { brake.hold() }
    let silent = await probe.silentParts(within: .milliseconds(200))
    #expect(silent.count == 1)
    #expect(silent.first?.hasPrefix("event loop ") == true)
    brake.release()
    try await held.get()
    #expect(await probe.silentParts(within: .seconds(5)) == [])

    await agent.stop(timeout: .zero)
    try await group.shutdownGracefully()
  }
}
