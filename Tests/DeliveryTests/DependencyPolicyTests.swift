import Delivery
import Testing

@Suite("Dependency policy")
struct DependencyPolicyTests {
  @Test("the file's value holds until an operator overrides it, and again after a reset")
  func overrideAndReset() {
    var policy = DependencyPolicy(file: .optional)
    #expect(policy.requirement == .optional && policy.source == .file)
    let changed = policy.setOverride(.required, uid: 1000, reason: "maintenance over", at: 10)
    #expect(changed && policy.requirement == .required)
    #expect(policy.source == .override(uid: 1000, reason: "maintenance over", until: nil))
    #expect(policy.activeOverride?.setAt == 10)
    let wasReset = policy.reset()
    let again = policy.reset()
    #expect(wasReset && !again && policy.requirement == .optional && policy.source == .file)
  }

  @Test("the same word again changes nothing")
  func idempotent() {
    var policy = DependencyPolicy(file: .optional)
    let first = policy.setOverride(.required, uid: 1, at: 10, until: 100)
    let second = policy.setOverride(.required, uid: 2, at: 20, until: 100)
    let longer = policy.setOverride(.required, uid: 2, at: 30, until: 200)
    #expect(first && !second && longer)
    #expect(policy.activeOverride?.uid == 2 && policy.activeOverride?.until == 200)
  }

  @Test("an override to the file's own value is an override all the same")
  func overrideToFileValue() {
    var policy = DependencyPolicy(file: .optional)
    let changed = policy.setOverride(.optional, uid: 0, at: 1)
    #expect(changed && policy.source != .file)
  }

  @Test("an override survives a reload that leaves the key alone and gives way to one that changes it")
  func reload() {
    var policy = DependencyPolicy(file: .optional)
    _ = policy.setOverride(.required, uid: 0, at: 1)
    let same = policy.fileChanged(to: .optional)
    #expect(!same && policy.requirement == .required && policy.source != .file)
    let other = policy.fileChanged(to: .required)
    #expect(other && policy.requirement == .required && policy.source == .file)
  }

  @Test("an override ends at its time, and one whose time is past is not taken")
  func expiry() {
    var policy = DependencyPolicy(file: .optional)
    _ = policy.setOverride(.required, uid: 0, at: 1, until: 50)
    let early = policy.expire(at: 49)
    #expect(!early && policy.requirement == .required)
    let due = policy.expire(at: 50)
    #expect(due && policy.requirement == .optional)
    let past = policy.setOverride(.required, uid: 0, at: 60, until: 60)
    #expect(!past && policy.source == .file)
  }
}
