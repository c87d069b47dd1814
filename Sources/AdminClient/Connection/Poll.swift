import Glibc

/// Waiting for descriptors.
package enum Poll {
  /// What is waited for.
  package enum Kind { case input, output }

  /// Waits until one of them is ready, a signal comes or the time is over.
  ///
  /// - Returns: Those that are ready, or have ended.
  package static func wait(_ descriptors: [(Int32, Kind)], _ deadline: Deadline) -> [Int32] {
    var entries = descriptors.map { descriptor, kind in
      pollfd(fd: descriptor, events: Int16(kind == .input ? POLLIN : POLLOUT), revents: 0)
    }
    guard poll(&entries, nfds_t(entries.count), deadline.milliseconds) > 0 else { return [] }
    return entries.filter { $0.revents != 0 }.map(\.fd)
  }
}

/// Lets a person end a wait.
package struct Interrupt {
  /// Readable when it may be so.
  package var descriptor: Int32
  /// Whether a signal that was received asks for it.
  package var isSignalled: () -> Bool
  /// Takes what is there and says whether it asks for an end.
  package var isAsked: () -> Bool

  /// Makes an interrupt.
  package init(descriptor: Int32, isSignalled: @escaping () -> Bool = { false }, isAsked: @escaping () -> Bool) {
    self.descriptor = descriptor
    self.isSignalled = isSignalled
    self.isAsked = isAsked
  }
}
