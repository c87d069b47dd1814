import NIOPosix
import Settings

extension CollectorAgent {
  /// Keeps the settings in force for a start that cannot read its files. What goes wrong is a warning and is counted:
  /// a disk that is full is no reason to refuse settings that work.
  func saveLastGood() async {
    // What no file gave, nobody will miss.
    guard start.file != nil, let text = SettingsDump.text(settings, redacting: false) else { return }
    let directory = settings.collector.stateDirectory
    let content =
      "# Generation \(activeGeneration), which worked. Written by the collector; changes are lost.\n\(text)\n"
    let previous = desk.saving
    let saving = Task { () -> String? in
      _ = await previous?.value
      return await Self.save(content, in: directory)
    }
    desk.saving = saving
    let ended = await GiveUp.after(desk.times.save) { await saving.value }
    let problem: String?
    switch ended {
    case .some(let failure): problem = failure
    case nil: problem = "\(directory) does not answer"
    }
    guard let problem else { return }
    desk.lastGoodFailures += 1
    logger.warning("the last good settings could not be kept", metadata: ["reason": "\(problem)"])
  }

  /// - Returns: what went wrong.
  private static func save(_ content: String, in directory: String) async -> String? {
    do {
      try await NIOThreadPool.singleton.runIfActive { try LastGoodFile.save(content, in: directory) }
      return nil
    } catch {
      return "\(error)"
    }
  }
}
