import Delivery
import MarketData
import Testing

@Suite("Back-off, addresses and outbox")
struct ValueTests {
  @Test("delays double from the first to the cap, each between half and all of its bound")
  func backoff() {
    var backoff = Backoff()
    var generator = SeededGenerator(state: 1)
    for bound in [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000] {
      let delay = backoff.next(using: &generator)
      #expect(delay >= .milliseconds(bound / 2) && delay <= .milliseconds(bound))
    }
    backoff.reset()
    #expect(backoff.next(using: &generator) <= .milliseconds(250))
  }

  @Test(
    "only scheme, host and port of a URL are shown",
    arguments: [
      ("nats://localhost:4222", "nats://localhost:4222"),
      ("nats://user:p%40ss@db.example:4333", "nats://db.example:4333"),
      ("tls://user:a@b:c@host", "tls://host:4222"),
      ("nats://token@[::1]:4223/x?y", "nats://[::1]:4223"),
      ("[::1]", "nats://[::1]:4222"), ("host", "nats://host:4222"), ("", "nats://:4222"),
      ("nats://user:slash/pass@host:1", "nats://host:1"),
    ])
  func redaction(url: String, shown: String) {
    #expect(ServerAddress(url).redacted == shown)
  }

  @Test("a text that repeats a password is withheld")
  func secrets() {
    let address = ServerAddress("nats://anna:hunter2@localhost")
    #expect(!address.withoutSecrets("bad login anna:hunter2").contains("hunter2"))
    #expect(address.withoutSecrets("authorization violation") == "authorization violation")
  }

  @Test("the outbox refuses a batch that does not fit whole, and has room again once the reader is done")
  func outbox() {
    let one = trades(0..<1)
    let size = one.byteCount + MemoryLayout<EncodedEvents.Record>.stride
    var outbox = Outbox(capacity: size * 2 + 1)
    var reader = EncodedEvents()
    let first = outbox.append(one)
    let second = outbox.append(one)
    let third = outbox.append(one)
    let pending = (outbox.pendingCount, outbox.pendingBytes)
    #expect(first && second && !third && pending == (2, size * 2))
    outbox.take(into: &reader)
    var taken = reader.count
    #expect(taken == 2)
    // What the reader holds still occupies its place.
    let tooEarly = outbox.append(one)
    outbox.take(into: &reader)
    taken = reader.count
    let afterwards = outbox.append(one)
    #expect(!tooEarly && taken == 0 && afterwards)
  }
}
