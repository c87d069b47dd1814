import Settings

/// What a reload would change, and how.
struct ReloadPlan: Sendable, Equatable {
  /// What becomes of one changed key.
  enum Method: Sendable, Equatable {
    /// It takes effect in place.
    case hot
    /// This component is built anew beside the old one.
    case rebuild(String)
    /// Only a new process can take it over.
    case restart
  }

  /// One changed key.
  struct Step: Sendable, Equatable {
    var change: SettingsChange
    var method: Method
    /// Where the new value stands, `file:line:column`; nil where it does not stand anywhere.
    var place: String?
  }

  /// Every key that differs, in the order of the schema.
  var steps: [Step]

  /// Plans the way from one settings to others.
  ///
  /// - Parameter components: the components there are; what belongs to none of them needs a restart.
  init(from old: CollectorSettings, to new: CollectorSettings, loaded: LoadedSettings?, components: [String]) {
    steps = SettingsDiff.changes(from: old, to: new).map { change in
      let component = ReloadComponentTable.component(of: change.keyPath)
      let method: Method =
        switch (change.reloadClass, component) {
        case (.hot, let name?) where components.contains(name): .hot
        case (.rebuild, let name?) where components.contains(name): .rebuild(name)
        default: .restart
        }
      return Step(change: change, method: method, place: loaded.flatMap { Self.place(of: change.keyPath, in: $0) })
    }
  }

  /// Nothing differs.
  var isEmpty: Bool { steps.isEmpty }
  /// Those that only a new process can take over.
  var restarts: [Step] { steps.filter { $0.method == .restart } }
  /// Those that can be applied.
  var applicable: [Step] { steps.filter { $0.method != .restart } }

  /// Whether a component has something to do.
  func concerns(_ component: String) -> Bool {
    applicable.contains { ReloadComponentTable.component(of: $0.change.keyPath) == component }
  }

  /// A line a key: `exchanges[0].symbols: [BTCUSDT] → [ETHUSDT] (hot)`.
  var lines: [String] { steps.map(\.line) }

  static func place(of keyPath: String, in loaded: LoadedSettings) -> String? {
    loaded.position(of: keyPath).map { $0.line == 0 ? $0.file : "\($0.file):\($0.line):\($0.column)" }
  }
}

extension ReloadPlan.Step {
  /// `collector.http_port: 8081 → 8082 (rebuild http)`; with its place where a restart is needed.
  var line: String {
    let before = change.old.isEmpty ? "(none)" : change.old
    let after = change.new.isEmpty ? "(none)" : change.new
    let text = "\(change.keyPath): \(before) → \(after)"
    switch method {
    case .hot: return "\(text) (hot)"
    case .rebuild(let component): return "\(text) (rebuild \(component))"
    case .restart: return (place.map { "\($0): " } ?? "") + "\(text) (restart)"
    }
  }
}
