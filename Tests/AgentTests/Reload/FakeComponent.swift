import Agent
import Settings
import Synchronization
import Testing

/// What several components have open and what of it is visible, as a test sees it.
final class FakeResources: Sendable {
  /// What a component does at one of its steps instead of its work.
  enum Trouble: Sendable {
    case fails
    /// Does not come back until ``release()``, cancelled or not.
    case hangs
  }

  struct State {
    /// By component.
    var visible: [String: Int] = [:]
    var open: [String: Set<Int>] = [:]
    var trouble: [String: Trouble] = [:]
    var log: [String] = []
    var last = 0
    var isReleased = false
    var notices: [ReloadNotice] = []
  }

  let state = Mutex(State())

  /// A component with its first resource open and visible.
  func component(_ name: String) -> FakeComponent {
    state.withLock { state in
      state.visible[name] = 0
      state.open[name] = [0]
    }
    return FakeComponent(name: name, resources: self)
  }

  /// `step` is `nats prepare`.
  func set(_ trouble: Trouble?, at step: String) {
    state.withLock { state in
      state.trouble[step] = trouble
      state.isReleased = false
    }
  }

  func release() { state.withLock { $0.isReleased = true } }

  var log: [String] { state.withLock(\.log) }

  /// Everything open is visible and everything visible is open: nothing leaks and what is asked answers.
  var isTidy: Bool { state.withLock { state in state.visible.allSatisfy { state.open[$0.key] == [$0.value] } } }

  func visible(_ name: String) -> Int? { state.withLock { $0.visible[name] } }

  /// Notes a step and has its trouble; says whether it is to fail.
  fileprivate func step(_ step: String) async -> Bool {
    let trouble = state.withLock { state in
      state.log.append(step)
      return state.trouble[step]
    }
    if case .hangs? = trouble {
      while !state.withLock(\.isReleased) { await Task.detached { try? await Task.sleep(for: .milliseconds(2)) }.value }
    }
    if case .fails? = trouble { return true }
    return false
  }
}

/// A component whose resources are numbers.
struct FakeComponent: ReloadComponent {
  let name: String
  let resources: FakeResources

  func prepare(_ change: ReloadChange) async throws(ReloadFailure) -> (any PreparedComponent)? {
    if await resources.step("\(name) prepare") { throw ReloadFailure(component: name, "refused") }
    return resources.state.withLock { state in
      state.last += 1
      state.open[name, default: []].insert(state.last)
      return Prepared(name: name, resources: resources, old: state.visible[name] ?? -1, new: state.last)
    }
  }

  struct Prepared: PreparedComponent {
    let name: String
    let resources: FakeResources
    let old: Int
    let new: Int

    private func set(visible: Int, closing: Int?) {
      resources.state.withLock { state in
        state.visible[name] = visible
        if let closing { state.open[name]?.remove(closing) }
      }
    }

    func commit() async {
      if await resources.step("\(name) commit") { return }
      // After a hang the undo has been here already.
      resources.state.withLock { state in
        if state.open[name]?.contains(new) == true { state.visible[name] = new }
      }
    }

    func verify(until deadline: ContinuousClock.Instant) async throws(ReloadFailure) -> [String] {
      if await resources.step("\(name) verify") { throw ReloadFailure(component: name, "does not work") }
      return []
    }

    func revert() async {
      _ = await resources.step("\(name) revert")
      set(visible: old, closing: new)
    }

    func discard() async {
      _ = await resources.step("\(name) discard")
      set(visible: old, closing: new)
    }

    func finish() async {
      _ = await resources.step("\(name) finish")
      set(visible: new, closing: old)
    }
  }
}
