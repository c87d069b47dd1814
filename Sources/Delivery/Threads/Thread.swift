import Glibc

/// A named thread of the system for work that blocks, so that neither event loops nor Swift's pool wait for it.
///
/// It handles no signals: those belong to the main thread.
struct Thread: Sendable {
  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, _ run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  private let handle: UInt

  /// Starts a thread; nil when the system has none left.
  init?(name: String, _ run: @escaping @Sendable () -> Void) {
    let body = Unmanaged.passRetained(Body(name: name, run))
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        Thread.nameThis(body.name)
        body.run()
        return nil
      }, body.toOpaque())
    guard status == 0 else {
      body.release()
      return nil
    }
    handle = UInt(thread)
  }

  /// The name that `top -H` and debuggers show. Swift's Glibc has neither `pthread_setname_np` nor `prctl`.
  private static func nameThis(_ name: String) {
    let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = name.withCString { write(descriptor, $0, strlen($0)) }
    close(descriptor)
  }

  /// Waits for the end of the thread. Call it once, when the end is known to be near.
  func join() { pthread_join(pthread_t(handle), nil) }

  /// Lets the thread end by itself. Call it instead of ``join()``.
  func detach() { pthread_detach(pthread_t(handle)) }
}

extension Thread {
  /// Runs a body that blocks on a thread of its own and awaits its result; nil when the system has no thread left. The
  /// body must end by itself.
  static func result<Value: Sendable>(name: String, _ body: @escaping @Sendable () -> Value) async -> Value? {
    await withCheckedContinuation { continuation in
      guard let thread = Thread(name: name, { continuation.resume(returning: body()) }) else {
        continuation.resume(returning: nil)
        return
      }
      thread.detach()
    }
  }
}
