import CNATS
import Glibc

extension TLSFiles {
  /// A file with more than this is no certificate; the system's own bundle has some 200 KiB.
  private static let sizeLimit = 4 << 20

  /// Reads every file into the options of a connection yet to be dialled.
  ///
  /// - Throws: the key and the path of the file that cannot be used, and why; never what is in it.
  func load(into options: OpaquePointer) throws(LinkFailure) {
    if let authorities {
      _ = try Self.read(authorities, as: .authorities)
      if natsOptions_LoadCATrustedCertificates(options, authorities) != NATS_OK {
        throw Self.failure(.authorities, authorities, "holds no certificate that can be read\(Self.libraryReason())")
      }
    }
    switch (certificate, key) {
    case (nil, nil): return
    case (let certificate?, nil): throw Self.failure(.certificate, certificate, "needs key_file beside it")
    case (nil, let key?): throw Self.failure(.key, key, "needs cert_file beside it")
    case (let certificate?, let key?): try Self.load(certificate: certificate, key: key, into: options)
    }
  }

  private static func load(certificate: String, key: String, into options: OpaquePointer) throws(LinkFailure) {
    let chain = try read(certificate, as: .certificate)
    guard contains(chain, "-----BEGIN CERTIFICATE-----") else {
      throw failure(.certificate, certificate, "holds no certificate in PEM format")
    }
    let secret = try read(key, as: .key)
    guard contains(secret, "PRIVATE KEY-----") else { throw failure(.key, key, "holds no private key in PEM format") }
    // OpenSSL would ask for the passphrase on the terminal.
    guard !contains(secret, "ENCRYPTED") else {
      throw failure(.key, key, "is encrypted; the collector cannot ask for a passphrase")
    }
    guard natsOptions_LoadCertificatesChain(options, certificate, key) == NATS_OK else {
      let reason = libraryReason()
      if reason.contains("mismatch") { throw failure(.key, key, "is not the key of cert_file \(certificate)") }
      throw failure(.certificate, certificate, "cannot be used with key_file \(key)\(reason)")
    }
  }

  /// Reads a file, so that the system's reason can be told; the client library says only that something went wrong.
  private static func read(_ path: String, as role: Role) throws(LinkFailure) -> [UInt8] {
    // A named pipe without a writer would block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(role, path, systemReason()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(role, path, systemReason()) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw failure(role, path, "is not a regular file") }
    guard (1...Self.sizeLimit).contains(Int(status.st_size)) else {
      throw failure(role, path, status.st_size == 0 ? "is empty" : "is too large for certificates")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var length = 0
    while length < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress?.advanced(by: length), $0.count - length)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(role, path, systemReason()) }
      guard count > 0 else { break }
      length += count
    }
    return Array(bytes.prefix(length))
  }

  private static func contains(_ bytes: [UInt8], _ text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes.firstRange(of: $0) != nil }
  }

  private static func systemReason() -> String { String(cString: strerror(errno)).lowercased() }

  private static func libraryReason() -> String {
    guard let text = nats_GetLastError(nil).map({ DialDiagnosis.plain(String(cString: $0)) }), !text.isEmpty else {
      return ""
    }
    return " (\(text))"
  }

  private static func failure(_ role: Role, _ path: String, _ reason: String) -> LinkFailure {
    LinkFailure(.certificate, "\(role.rawValue) \(path): \(reason)", file: role)
  }
}
