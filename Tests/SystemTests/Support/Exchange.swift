import Testing

/// `simulate` as a process of its own.
struct Exchange {
  let program: Program
  private let endpoints: [String: String]

  init(in scratch: Scratch, _ arguments: [String] = []) async throws {
    let program = try Binary.start(["simulate"] + arguments, in: scratch)
    self.program = program
    try await poll("the simulator prints its endpoints") {
      try #require(program.end == nil, "ended: \(program.errors)")
      return program.output.contains("perpetual.base_url: ") && program.output.hasSuffix("\n")
    }
    let pairs = program.output.split(separator: "\n").compactMap { line -> (String, String)? in
      let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
    endpoints = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    try #require(endpoints.count == 4)
  }

  /// By the name it is printed with, for example `spot.ws_url`.
  func endpoint(_ name: String) -> String { endpoints[name] ?? "" }
}
