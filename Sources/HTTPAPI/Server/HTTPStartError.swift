import Glibc
import NIOCore

/// Why the HTTP port could not be opened; `description` is one line for the operator.
public struct HTTPStartError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds that a caller may want to tell apart.
  public enum Reason: Sendable, Equatable {
    /// Another process (or this one) listens there.
    case addressInUse
    /// The address is not one of this machine, or no address at all.
    case badAddress
    /// Ports below 1024 need a privilege.
    case permissionDenied
    /// The token file cannot be read or holds no token.
    case badToken
    /// The server was started before, or stopped.
    case notStartable
    /// Anything else.
    case other
  }

  /// The kind.
  public let reason: Reason
  /// One line that names the address and port.
  public let description: String
}

extension HTTPStartError {
  /// The largest port number.
  static let ports = 0...65_535

  static func notStartable(_ description: String) -> HTTPStartError {
    HTTPStartError(reason: .notStartable, description: description)
  }

  init(_ error: any Error, address: String, port: Int) {
    let place = address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    guard let error = error as? IOError else {
      if let unknown = error as? SocketAddressError.UnknownHost {
        self.init(
          reason: .badAddress,
          description: "cannot open the HTTP port \(place): unknown address (\(unknown.errorDescription))")
      } else {
        self.init(
          reason: error is SocketAddressError ? .badAddress : .other,
          description: "cannot open the HTTP port \(place): \(error)")
      }
      return
    }
    switch error.errnoCode {
    case EADDRINUSE:
      self.init(
        reason: .addressInUse,
        description: "cannot open the HTTP port \(place): the port is in use by another program")
    case EADDRNOTAVAIL, EAFNOSUPPORT:
      self.init(
        reason: .badAddress,
        description: "cannot open the HTTP port \(place): \(address) is not an address of this machine")
    case EACCES, EPERM:
      self.init(
        reason: .permissionDenied,
        description: "cannot open the HTTP port \(place): permission denied (ports below 1024 need a privilege)")
    default:
      self.init(reason: .other, description: "cannot open the HTTP port \(place): \(error)")
    }
  }
}
