/// The value of one key, whatever its type.
package enum SettingValue: Sendable, Equatable {
  /// No value: the feature is off, or the exchange decides.
  case none
  case boolean(Bool)
  /// A count, a port, or a size in bytes.
  case integer(Int)
  case duration(Duration)
  case text(String)
  case list([String])
}

/// A type of the settings structures that a key of the schema can fill.
package protocol SettingConvertible: SendableMetatype {
  /// Nothing when the value is of another type.
  init?(_ value: SettingValue)
  var settingValue: SettingValue { get }
}

extension Bool: SettingConvertible {
  package init?(_ value: SettingValue) {
    guard case .boolean(let boolean) = value else { return nil }
    self = boolean
  }

  package var settingValue: SettingValue { .boolean(self) }
}

extension Int: SettingConvertible {
  package init?(_ value: SettingValue) {
    guard case .integer(let integer) = value else { return nil }
    self = integer
  }

  package var settingValue: SettingValue { .integer(self) }
}

extension Duration: SettingConvertible {
  package init?(_ value: SettingValue) {
    guard case .duration(let duration) = value else { return nil }
    self = duration
  }

  package var settingValue: SettingValue { .duration(self) }
}

extension String: SettingConvertible {
  package init?(_ value: SettingValue) {
    guard case .text(let text) = value else { return nil }
    self = text
  }

  package var settingValue: SettingValue { .text(self) }
}

extension [String]: SettingConvertible {
  package init?(_ value: SettingValue) {
    guard case .list(let list) = value else { return nil }
    self = list
  }

  package var settingValue: SettingValue { .list(self) }
}

extension Optional: SettingConvertible where Wrapped: SettingConvertible {
  package init?(_ value: SettingValue) {
    if case .none = value {
      self = .none
    } else if let wrapped = Wrapped(value) {
      self = .some(wrapped)
    } else {
      return nil
    }
  }

  package var settingValue: SettingValue {
    switch self {
    case .none: .none
    case .some(let wrapped): wrapped.settingValue
    }
  }
}

extension SettingConvertible where Self: RawRepresentable, RawValue == String {
  package init?(_ value: SettingValue) {
    guard case .text(let text) = value else { return nil }
    self.init(rawValue: text)
  }

  package var settingValue: SettingValue { .text(rawValue) }
}

extension LogLevel: SettingConvertible {}
extension CollectorSettings.DeliveryMode: SettingConvertible {}
extension CollectorSettings.Stream.Retention: SettingConvertible {}
extension CollectorSettings.Spool.Synchronisation: SettingConvertible {}
