public import Agent
import Settings
import Synchronization

/// Lets a reload move the HTTP API to another port or address, and change the file of its token.
///
/// The new listener opens beside the old. When the new cannot because the old has the port (0.0.0.0 and 127.0.0.1 with
/// the same number exclude each other) the port is handed over at the swap: closed, opened again elsewhere, and opened
/// at the old address again when that fails. For that moment new connections are refused; those that are open go on.
public struct HTTPReloadComponent: ReloadComponent {
  /// `http`
  public let name = "http"
  private let server: HTTPAPIServer

  /// The component of a server that was started.
  public init(server: HTTPAPIServer) { self.server = server }

  /// Opens the new listener and looks whether the token file holds a token.
  public func prepare(_ change: ReloadChange) async throws(ReloadFailure) -> (any PreparedComponent)? {
    let (old, new) = (change.old, change.new)
    let place = HTTPPlace(new)
    let moves = HTTPPlace(old) != place
    let changesToken = old.http.tokenFile != new.http.tokenFile
    guard moves || changesToken, let current = server.current else { return nil }
    var warnings: [String] = []
    if changesToken, let file = new.http.tokenFile {
      do throws(TokenFileError) {
        if try await BearerToken.read(file).isPublic {
          warnings.append("http.token_file: \(file) can be read by every user of this machine")
        }
      } catch {
        throw ReloadFailure(component: name, keyPath: "http.token_file", "\(error)")
      }
    }
    let opening = moves ? try await open(place, instead: HTTPPlace(old)) : nil
    return PreparedHTTP(
      server: server, old: current, opening: opening, place: place, keyPath: HTTPPlace(old).keyPath(of: place),
      tokenFiles: (old.http.tokenFile, new.http.tokenFile), warnings: warnings)
  }

  private func open(_ place: HTTPPlace, instead old: HTTPPlace) async throws(ReloadFailure) -> PreparedHTTP.Opening {
    do throws(HTTPStartError) {
      return .beside(try await server.open(address: place.address, port: place.port).listener)
    } catch {
      if error.reason == .addressInUse, place.port == old.port { return .handOver }
      throw ReloadFailure(component: name, keyPath: old.keyPath(of: place), "\(error)")
    }
  }
}

/// Where to listen.
struct HTTPPlace: Sendable, Equatable {
  var address: String
  var port: Int

  init(_ settings: CollectorSettings) {
    address = settings.http.address
    port = settings.collector.httpPort
  }

  /// The key that a move from here to there is about.
  func keyPath(of new: HTTPPlace) -> String { new.port == port ? "http.address" : "collector.http_port" }
}
