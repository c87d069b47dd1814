import CNATS
import Synchronization

/// Where the client library's callbacks leave their news: flags, and a wake-up of the delivery thread. They run on
/// threads of the library and do nothing else.
final class LinkSignals: Sendable {
  /// The connection whose server announced its going, as a number: callbacks of closed connections may come late.
  let lameDuck = Atomic<UInt>(0)
  /// Errors the server reported without closing.
  let serverErrors = Atomic<UInt64>(0)
  private let mailbox: Mutex<ConditionMutex<Mailbox>?>

  init(waking mailbox: ConditionMutex<Mailbox>) { self.mailbox = Mutex(mailbox) }

  func wake() {
    let target = mailbox.withLock { $0 }
    target?.update {
      $0.orders.look = true
      return true
    }
  }

  /// After this, late callbacks find nobody to wake.
  func disconnect() { mailbox.withLock { $0 = nil } }

  /// The closure argument for the callbacks. The library may deliver `closed` at any time after a connection was
  /// destroyed and says nothing of when the last one is over, so these few bytes are never freed: once a process.
  func immortalPointer() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

  private static func at(_ pointer: UnsafeMutableRawPointer?) -> LinkSignals? {
    pointer.map { Unmanaged<LinkSignals>.fromOpaque($0).takeUnretainedValue() }
  }

  static func register(on options: OpaquePointer, closure: UnsafeMutableRawPointer) {
    natsOptions_SetClosedCB(options, { _, closure in LinkSignals.at(closure)?.wake() }, closure)
    natsOptions_SetDisconnectedCB(options, { _, closure in LinkSignals.at(closure)?.wake() }, closure)
    natsOptions_SetLameDuckModeCB(
      options,
      { connection, closure in
        guard let connection, let signals = LinkSignals.at(closure) else { return }
        signals.lameDuck.store(UInt(bitPattern: connection), ordering: .releasing)
        signals.wake()
      }, closure)
    natsOptions_SetErrorHandler(
      options,
      { _, _, _, closure in
        guard let signals = LinkSignals.at(closure) else { return }
        signals.serverErrors.wrappingAdd(1, ordering: .relaxed)
        signals.wake()
      }, closure)
  }
}
