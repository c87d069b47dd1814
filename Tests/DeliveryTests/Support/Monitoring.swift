import Glibc
import Testing

/// What a nats-server says of its clients: their ids, as its monitoring port gives them to curl.
func clientIDs(monitoringPort port: UInt16, named name: String = "delivery-tests") throws -> [Int] {
  let pipe = try #require(popen("curl -s -m 5 http://127.0.0.1:\(port)/connz", "r"))
  defer { pclose(pipe) }
  var bytes: [UInt8] = []
  while case let byte = fgetc(pipe), byte >= 0 { bytes.append(UInt8(truncatingIfNeeded: byte)) }
  let text = String(decoding: bytes, as: UTF8.self)
  // One object a client; its name follows its id.
  return text.split(separator: "\"cid\":").dropFirst().compactMap { part in
    guard part.contains("\"name\": \"\(name)\"") else { return nil }
    return Int(part.drop { $0 == " " }.prefix { $0.isNumber })
  }
}

/// Descriptors this process has open.
func openDescriptors() throws -> Int {
  let folder = try #require(opendir("/proc/self/fd"))
  defer { closedir(folder) }
  var count = 0
  while readdir(folder) != nil { count += 1 }
  return count
}
