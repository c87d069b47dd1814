import Glibc

/// A value under a lock, and a way to sleep until it changes.
///
/// `Synchronization.Mutex` has no condition to wait on. All access to the value goes through this type's lock, which
/// makes it safe to share even when the value itself could not be.
package final class ConditionMutex<Value: ~Copyable>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var value: Value

  package init(_ value: consuming sending Value) {
    self.value = value
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    // Deadlines must not move when the wall clock is set.
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    condition.initialize(to: pthread_cond_t())
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Uses the value. The body must not block.
  package func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure)
    -> Result
  {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }

  /// Changes the value, and wakes the sleeper when the body returns true.
  package func update(_ body: (inout Value) -> Bool) {
    pthread_mutex_lock(mutex)
    let wake = body(&value)
    pthread_mutex_unlock(mutex)
    if wake { pthread_cond_broadcast(condition) }
  }

  /// Sleeps until `isReady`, or until the deadline on the monotonic clock, and then uses the value.
  package func wait<Result>(
    until deadline: Int64, for isReady: (inout Value) -> Bool, then body: (inout Value) -> Result
  ) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    while !isReady(&value) {
      guard pthread_cond_timedwait(condition, mutex, &time) == 0 else { break }
    }
    return body(&value)
  }
}
