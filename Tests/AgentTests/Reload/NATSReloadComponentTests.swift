import Delivery
import Logging
import Settings
import Testing

@testable import Agent

@Suite("The NATS component of a reload")
struct NATSReloadComponentTests {
  /// The discard port: nobody listens there.
  private static let away = "nats://127.0.0.1:9"

  @Test(
    "what is no matter of the link does not touch it",
    arguments: ["optional: false", "grace: 1s", "startup_timeout: 3s", "subject: legacy"])
  func untouched(key: String) async throws {
    let change = try change(from: "grace: 5s", to: key)
    #expect(!change.changes.isEmpty)
    #expect(try await component().prepare(change) == nil)
  }

  @Test("a certificate that cannot be read is named with its key, also while NATS is away and optional")
  func certificate() async throws {
    let change = try change(from: "url: \(Self.away)", to: "{ url: \(Self.away), tls: { ca_file: /no/such.pem } }")
    let failure = await failure(component(isOptional: true), change)
    #expect(failure?.keyPath == "nats.tls.ca_file")
    #expect(failure?.message == "ca_file /no/such.pem: no such file or directory")
  }

  @Test("servers that are away are refused while NATS is required, with the key as it is spelled")
  func required() async throws {
    let change = try change(from: "url: nats://127.0.0.1:1", to: "url: \(Self.away)")
    let failure = await failure(component(isOptional: false), change)
    #expect(failure?.component == "nats" && failure?.keyPath?.hasPrefix("nats.url") == true, "\(failure as Any)")
    #expect(failure?.message == "NATS cannot be reached: connection refused (127.0.0.1:9)")
  }

  @Test(
    "while NATS is optional and away, a change to servers that are away too is taken with a warning, and taken back")
  func away() async throws {
    let component = component(isOptional: true)
    component.delivery.start()
    let change = try change(from: "url: nats://127.0.0.1:1", to: "url: \(Self.away)")
    let prepared = try #require(await component.prepare(change))
    await prepared.commit()
    let lines = try await prepared.verify(until: .now + .seconds(10))
    #expect(lines.count == 1 && lines.first?.contains("NATS was down before and still is") == true, "\(lines)")
    #expect(component.delivery.status.serverURL == Self.away)
    await prepared.revert()
    #expect(component.delivery.status.serverURL == "nats://127.0.0.1:1")
    _ = await component.delivery.shutdown(timeout: .seconds(5))
  }

  private func component(isOptional: Bool = true) -> NATSReloadComponent {
    let settings = LinkSettings(urls: ["nats://127.0.0.1:1"], clientName: "agent-tests")
    let delivery = NATSDelivery(settings: settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
      _ in
    }
    return NATSReloadComponent(delivery: delivery) { _ in isOptional }
  }

  private func change(from old: String, to new: String) throws -> ReloadChange {
    let old = try MachineStage.load("nats: \(Self.map(old))").settings
    let new = try MachineStage.load("nats: \(Self.map(new))").settings
    return ReloadChange(
      old: old, new: new, changes: SettingsDiff.changes(from: old, to: new), deadline: .now + .seconds(10))
  }

  private static func map(_ text: String) -> String { text.hasPrefix("{") ? text : "{ \(text) }" }

  private func failure(_ component: NATSReloadComponent, _ change: ReloadChange) async -> ReloadFailure? {
    do throws(ReloadFailure) {
      await (try component.prepare(change))?.discard()
      return nil
    } catch {
      return error
    }
  }
}
