import Delivery
import Glibc
import Testing

@Suite("TLS to a real nats-server", .serialized)
struct TLSTests {
  @Test("a server under an authority of its own is trusted with ca_file, and events arrive")
  func ownAuthority() async throws {
    let certificates = try Certificates()
    let server = try NATSServer(arguments: certificates.serverArguments())
    for url in ["tls://127.0.0.1:\(server.port)", server.url] {
      let fixture = Fixture([url]) { $0.tls.authorities = certificates.authority }
      #expect(await fixture.becomes(.up))
      fixture.delivery.publish(trades(0..<10))
      #expect(await fixture.counts(10, .published))
      _ = await fixture.delivery.shutdown(timeout: .seconds(5))
    }
  }

  @Test("a server whose authority is not trusted is told apart")
  func untrusted() async throws {
    let certificates = try Certificates()
    let other = try Certificates()
    let server = try NATSServer(arguments: certificates.serverArguments())
    let fixture = Fixture(["tls://127.0.0.1:\(server.port)"]) { $0.tls.authorities = other.authority }
    #expect(await fixture.becomes(.down))
    let failure = try #require(fixture.delivery.status.lastFailure)
    #expect(
      failure.kind == .tls
        && failure.text
          == "TLS: the server's certificate is not trusted: unable to get local issuer certificate "
          + "(127.0.0.1:\(server.port))",
      "\(failure)")
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("a server whose certificate is for another name is told apart")
  func otherName() async throws {
    let certificates = try Certificates(names: "DNS:example.org")
    let server = try NATSServer(arguments: certificates.serverArguments())
    let fixture = Fixture([server.url]) { $0.tls.authorities = certificates.authority }
    #expect(await fixture.becomes(.down))
    let failure = try #require(fixture.delivery.status.lastFailure)
    #expect(failure.text.hasPrefix("TLS: the server's certificate is not trusted: IP address mismatch"), "\(failure)")
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("a server that does not speak TLS is refused when certificate files are given")
  func serverInTheClear() async throws {
    let certificates = try Certificates()
    let server = try NATSServer()
    let fixture = Fixture([server.url]) { $0.tls.authorities = certificates.authority }
    #expect(await fixture.becomes(.down))
    #expect(fixture.delivery.status.lastFailure?.kind == .tls)
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("a server that asks for a certificate takes the collector's own")
  func ownCertificate() async throws {
    let certificates = try Certificates()
    let server = try NATSServer(arguments: certificates.serverArguments(verify: true))
    let without = Fixture(["tls://127.0.0.1:\(server.port)"]) { $0.tls.authorities = certificates.authority }
    #expect(await without.becomes(.down))
    _ = await without.delivery.shutdown(timeout: .seconds(5))
    let fixture = Fixture(["tls://127.0.0.1:\(server.port)"]) {
      $0.tls = TLSFiles(
        authorities: certificates.authority, certificate: certificates.clientCertificate, key: certificates.clientKey)
    }
    #expect(await fixture.becomes(.up))
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("a file that cannot be used is named with its key, whether or not a server is there")
  func unusableFiles() async throws {
    let certificates = try Certificates()
    let port = try freePort()
    let missing = certificates.folder + "/missing.pem"
    let damaged = try certificates.write(
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: "damaged.pem")
    let empty = try certificates.write("", to: "empty.pem")
    let encrypted = try certificates.write("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", to: "encrypted.key")
    let good = (certificates.clientCertificate, certificates.clientKey)
    let cases: [(TLSFiles, TLSFiles.Role, String)] = [
      (TLSFiles(authorities: missing), .authorities, "ca_file \(missing): no such file or directory"),
      (TLSFiles(authorities: certificates.folder), .authorities, "is not a regular file"),
      (TLSFiles(authorities: empty), .authorities, "is empty"),
      (TLSFiles(authorities: damaged), .authorities, "ca_file \(damaged): holds no certificate that can be read"),
      (TLSFiles(certificate: missing, key: good.1), .certificate, "cert_file \(missing): no such file or directory"),
      (TLSFiles(certificate: damaged, key: good.1), .certificate, "cert_file \(damaged): cannot be used"),
      (TLSFiles(certificate: good.0), .certificate, "needs key_file"),
      (TLSFiles(key: good.1), .key, "needs cert_file"),
      (TLSFiles(certificate: good.0, key: good.0), .key, "holds no private key"),
      (TLSFiles(certificate: good.0, key: encrypted), .key, "is encrypted"),
      (TLSFiles(certificate: good.0, key: certificates.serverKey), .key, "is not the key of cert_file \(good.0)"),
    ]
    for (files, role, text) in cases {
      let fixture = Fixture(["tls://127.0.0.1:\(port)"]) { $0.tls = files }
      #expect(await fixture.becomes(.down))
      let failure = try #require(fixture.delivery.status.lastFailure)
      #expect(failure.kind == .certificate && failure.file == role && failure.text.contains(text), "\(failure)")
      _ = await fixture.delivery.shutdown(timeout: .seconds(5))
    }
  }
}
