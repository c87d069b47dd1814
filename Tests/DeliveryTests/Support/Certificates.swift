import Glibc
import Testing

/// Certificates made by openssl: an authority, and a server and a client under it; a folder of their own.
final class Certificates {
  let folder: String

  var authority: String { folder + "/ca.pem" }
  var serverCertificate: String { folder + "/server.pem" }
  var serverKey: String { folder + "/server.key" }
  var clientCertificate: String { folder + "/client.pem" }
  var clientKey: String { folder + "/client.key" }

  /// - Parameter names: whom the certificates are for, as openssl takes it.
  init(names: String = "IP:127.0.0.1,DNS:localhost") throws {
    var template = Array("/tmp/delivery-tests-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template))
    folder = String(cString: path)
    try openssl(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test-authority "
        + "-keyout \(folder)/ca.key -out \(authority)")
    for name in ["server", "client"] {
      try write("subjectAltName=\(names)\n", to: "\(name).ext")
      try openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) -keyout \(folder)/\(name).key "
          + "-out \(folder)/\(name).csr")
      try openssl(
        "x509 -req -days 2 -in \(folder)/\(name).csr -CA \(authority) -CAkey \(folder)/ca.key -CAcreateserial "
          + "-extfile \(folder)/\(name).ext -out \(folder)/\(name).pem")
    }
  }

  deinit { try? run("/bin/rm", ["-rf", folder]) }

  /// What nats-server needs to speak TLS; with `verify` it asks clients for a certificate too.
  func serverArguments(verify: Bool = false) -> [String] {
    ["--tls", "--tlscert", serverCertificate, "--tlskey", serverKey]
      + (verify ? ["--tlsverify", "--tlscacert", authority] : [])
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let path = "\(folder)/\(name)"
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    try #require(fputs(text, file) >= 0)
    return path
  }

  private func openssl(_ arguments: String) throws {
    try run("/usr/bin/openssl", arguments.split(separator: " ").map(String.init))
  }

  private func run(_ path: String, _ arguments: [String]) throws {
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    var process: pid_t = 0
    try #require(posix_spawn(&process, path, &actions, nil, &words, environ) == 0)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    try #require(status == 0, "\(path) \(arguments) failed")
  }
}
