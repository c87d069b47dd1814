import AdminProtocol
import HTTPTypes
import Hummingbird
import NIOCore

/// Takes in the body of a changing request.
enum RequestBodyReader {
  /// The whole body.
  ///
  /// - Throws: 411 length-required when there is none, 413 too-large over `limit` bytes, 504 timeout when it is not there
  ///   in time, 400 bad-argument when the client breaks it off.
  static func read(_ request: Request, limit: Int, within time: Duration) async throws(ProtocolError) -> [UInt8] {
    let length = request.headers[.contentLength]
    guard length != nil || request.headers[.transferEncoding] != nil else {
      throw ProtocolError(.lengthRequired, "the request must have a body, with Content-Length or chunked")
    }
    let tooLarge = ProtocolError(.tooLarge, "the body is longer than \(limit) bytes")
    if let length, let count = Int(length), count > limit { throw tooLarge }
    let body = request.body
    // Waits for the reader in any case: two readers of one connection must not be.
    let outcome = await withTaskGroup(of: Result<[UInt8], ProtocolError>?.self) { group in
      group.addTask {
        do {
          return .success(Array(try await body.collect(upTo: limit).readableBytesView))
        } catch is NIOTooManyBytesError {
          return .failure(tooLarge)
        } catch {
          return .failure(ProtocolError(.badArgument, "the body broke off"))
        }
      }
      group.addTask {
        do { try await Task.sleep(for: time) } catch { return nil }
        return .failure(ProtocolError(.timeout, "the body was not there within \(time)"))
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    guard let outcome else { throw ProtocolError(.timeout, "the body was not there within \(time)") }
    return try outcome.get()
  }
}
