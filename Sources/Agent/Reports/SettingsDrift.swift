import Glibc
import Settings

/// Whether the settings on disk are still those in force.
///
/// The files are read again only when one of them, or the directory of the drop-ins, looks different from the last time; a
/// look costs a `stat` a file.
struct SettingsDrift: Sendable {
  /// What a look found.
  enum Finding: Sendable, Equatable {
    /// The same settings.
    case nothing
    /// These keys differ.
    case keys([String])
    /// The files could not be loaded: the first error.
    case invalid(String)
  }

  /// How a file looks from outside.
  private struct Stamp: Sendable, Equatable {
    var path: String
    var device: UInt64 = 0
    var inode: UInt64 = 0
    var size: Int64 = -1
    var seconds: Int = 0
    var nanoseconds: Int = 0

    init(_ path: String) {
      self.path = path
      var status = stat()
      guard stat(path, &status) == 0 else { return }
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  private struct Look: Sendable {
    var stamps: [Stamp]
    var generation: Int
    var finding: Finding
  }

  private var last: Look?

  /// What is compared with what.
  struct Question: Sendable {
    /// The main file.
    var file: String
    /// All files that the settings in force came from.
    var known: [String]
    /// The environment that overrides the files.
    var environment: [String: String]
    /// The settings in force.
    var settings: CollectorSettings
    /// Their generation.
    var generation: Int
  }

  /// The state after another look; reads files, so not on an event loop.
  func looking(at question: Question) -> SettingsDrift {
    let stamps = ([question.file, Self.dropInDirectory(beside: question.file)] + question.known).map(Stamp.init)
    if let last, last.stamps == stamps, last.generation == question.generation { return self }
    let finding: Finding
    switch SettingsCheck.load(file: question.file, environment: question.environment) {
    case .success(let loaded):
      let changes = SettingsDiff.changes(from: question.settings, to: loaded.settings).map(\.keyPath)
      finding = changes.isEmpty ? .nothing : .keys(changes)
    case .failure(let errors): finding = .invalid(errors.errors.first?.description ?? "no reason given")
    }
    var drift = self
    drift.last = Look(stamps: stamps, generation: question.generation, finding: finding)
    return drift
  }

  /// What the last look found, in words; nil before the first.
  var text: String? {
    switch last?.finding {
    case nil: nil
    case .nothing: "none"
    case .keys(let keys): keys.joined(separator: ", ")
    case .invalid(let error): "the files cannot be loaded: \(error)"
    }
  }

  private static func dropInDirectory(beside file: String) -> String {
    guard let slash = file.lastIndex(of: "/") else { return "collector.d" }
    return file[...slash] + "collector.d"
  }
}
