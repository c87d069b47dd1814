import Testing

extension ProgramTests {
  @Suite("replay and simulate")
  struct ReplayTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A spot recording: a change before the snapshot, the snapshot, two changes, the quotes that belong to them, two
    /// trades and a frame that is none.
    private static func recording(askQuantity: String = "1.00") -> String {
      func frame(_ stream: String, _ data: String) -> String {
        #"{"stream":"btcusdt@\#(stream)","data":{\#(data)}}"#
      }
      func depth(_ first: Int, _ last: Int, bids: String, asks: String) -> String {
        frame(
          "depth@100ms",
          #""e":"depthUpdate","E":170000,"s":"BTCUSDT","U":\#(first),"u":\#(last),"b":[\#(bids)],"a":[\#(asks)]"#)
      }
      func trade(_ id: Int) -> String {
        frame(
          "trade",
          #""e":"trade","E":170001,"s":"BTCUSDT","t":\#(id),"p":"10.50","q":"0.10","T":170001,"m":true,"M":true"#)
      }
      let frames = [
        depth(99, 100, bids: "", asks: #"["12.00","9.00"]"#),
        #"{"lastUpdateId":100,"bids":[["10.00","1.00"],["9.00","2.00"]],"asks":[["11.00","1.00"],["12.00","9.00"]]}"#,
        depth(101, 102, bids: #"["10.50","3.00"]"#, asks: ""),
        frame("bookTicker", #""u":102,"s":"BTCUSDT","b":"10.50","B":"3.00","a":"11.00","A":"\#(askQuantity)""#),
        trade(7), trade(8),
        depth(103, 103, bids: #"["9.00","0.00"]"#, asks: #"["12.00","0.00"]"#),
        #"{"stream":"btcusdt@trade","data":{"e":"trade","#,
      ]
      return frames.enumerated().map { "\(1_700_000_000_000_000_000 + $0.offset) \($0.element)\n" }.joined()
    }

    private func replay(_ file: String, _ options: String...) async throws -> Outcome {
      try await Binary.run(["replay", file, "--exchange", "binance", "--market", "spot"] + options, in: scratch)
    }

    @Test("the summary of a recording says messages, failures, checkpoints and the final book")
    func summary() async throws {
      let file = try scratch.write(Self.recording(), to: "good.txt")
      let outcome = try await replay(file)
      #expect(outcome.ending == .exit(0), "\(outcome)")
      for words in ["checkpoints     1 matched, 0 mismatched", "gaps            0", "10.50 × 3.00 / 11.00 × 1.00"] {
        #expect(outcome.output.contains(words), "\(outcome.output)")
      }
    }

    @Test("the summary in JSON has the published keys, decimals as strings")
    func json() async throws {
      let file = try scratch.write(Self.recording(), to: "good.txt")
      let outcome = try await replay(file, "--json")
      #expect(outcome.ending == .exit(0))
      let json = try scratch.write(outcome.output, to: "summary.json")
      let keys =
        #"["messages","gaps","resyncs","decode_failures","checkpoints","checksums","symbols","messages_per_second"]"#
      #expect(try await Shell.jq("keys_unsorted", file: json, in: scratch) == keys)
      #expect(
        try await Shell.jq(".symbols.BTCUSDT | [.bid, .ask, .bid_levels, .ask_levels]", file: json, in: scratch)
          == #"[["10.50","3.00"],["11.00","1.00"],2,1]"#)
      #expect(try await Shell.jq("[.decode_failures[]] | add", file: json, in: scratch) == "1")
      #expect(try await Shell.jq(".messages.trade", file: json, in: scratch) == "2")
      #expect(try await Shell.jq(".checkpoints", file: json, in: scratch) == #"{"matched":1,"mismatched":0}"#)
    }

    @Test("with --events every line is one JSON event, and the summary goes to standard error")
    func events() async throws {
      let file = try scratch.write(Self.recording(), to: "good.txt")
      let outcome = try await replay(file, "--events", "--json")
      #expect(outcome.ending == .exit(0))
      let events = try scratch.write(outcome.output, to: "events.jsonl")
      let types = try await Shell.jq(
        #"[.[] | .data_type + (.update_type // "" | if . == "" then . else "/" + . end)]"#, file: events, "-s",
        in: scratch)
      #expect(
        types == #"["orderbook/snapshot","orderbook/delta","ticker","trade","trade","orderbook/delta"]"#)
      #expect(outcome.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"exchange\":\"binance\"") })
      #expect(
        try await Shell.jq(#".[] | select(.data_type == "trade") | .trade_id"#, file: events, "-s", in: scratch)
          == "7\n8")
      let summary = try scratch.write(outcome.errors, to: "summary.json")
      #expect(try await Shell.jq(".checkpoints.matched", file: summary, in: scratch) == "1")
    }

    @Test("a book that contradicts the exchange's best prices ends with 1")
    func mismatch() async throws {
      let file = try scratch.write(Self.recording(askQuantity: "7.00"), to: "wrong.txt")
      let outcome = try await replay(file)
      #expect(outcome.ending == .exit(1))
      #expect(outcome.output.contains("0 matched, 1 mismatched"))
    }

    @Test("a recording that is missing ends with 66, one that is none with 65")
    func noInput() async throws {
      let missing = try await replay("\(scratch.path)/none.gz")
      #expect(missing.ending == .exit(66))
      #expect(missing.errors.split(separator: "\n").count == 1 && missing.errors.contains("none.gz"))
      let damaged = try scratch.write("\u{1F}\u{8B}nothing\n", to: "damaged.gz")
      let outcome = try await replay(damaged)
      #expect(outcome.ending == .exit(65) && outcome.errors.contains("damaged.gz"), "\(outcome)")
      for command in ["simulate", "demo"] {
        let outcome = try await Binary.run([command, "--recording", "\(scratch.path)/none.gz"], in: scratch)
        #expect(outcome.ending == .exit(66), "\(command): \(outcome)")
      }
    }

    @Test(
      "the recordings of 2024 match at every checkpoint",
      .enabled(if: Binary.capture("README.md") != nil, "no recordings beside the project"),
      arguments: [
        ("spot", "binance-spot-btcusdt-20240808.gz", 564), ("perpetual", "binance-usdm-btcusdt-20240808.gz", 629),
      ]
    )
    func captures(market: String, name: String, checkpoints: Int) async throws {
      let file = try #require(Binary.capture(name))
      let outcome = try await Binary.run(
        ["replay", file, "--exchange", "binance", "--market", market, "--json"], in: scratch)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      let json = try scratch.write(outcome.output, to: "summary.json")
      #expect(
        try await Shell.jq(".checkpoints", file: json, in: scratch) == #"{"matched":\#(checkpoints),"mismatched":0}"#)
      #expect(try await Shell.jq("[.gaps, (.decode_failures|length)]", file: json, in: scratch) == "[0,0]")
      if market == "perpetual" {
        #expect(
          try await Shell.jq(".symbols.BTCUSDT | [.bid, .ask, .bid_levels, .ask_levels]", file: json, in: scratch)
            == #"[["61659.70","1.486"],["61659.80","0.981"],5018,4578]"#)
      }
    }

    @Test(
      "a recording served over loopback ends in the book that replay ends in",
      .enabled(if: Binary.capture("README.md") != nil, "no recordings beside the project"))
    func served() async throws {
      let file = try #require(Binary.capture("binance-usdm-btcusdt-20240808.gz"))
      let demo = try await Collector(demoIn: scratch, ["--recording", file, "--speed", "max"])
      try await demo.until(
        "/api/v1/orderbook/binance/BTCUSDT?market=perpetual&depth=1&format=simple",
        #"[.bids[0], .asks[0]] == [["61659.70","1.486"],["61659.80","0.981"]]"#, within: .seconds(60))
      let metrics = try await demo.get("/metrics").body
      #expect(metrics.contains(#"marketprism_checkpoints_total{result="mismatched"} 0"#))
      try await demo.stop()
    }

    @Test("simulate prints its endpoints, answers REST depth there and ends with 0")
    func simulate() async throws {
      let exchange = try await Exchange(in: scratch, ["--seed", "5"])
      for (market, path) in [("spot", "/api/v3/depth"), ("perpetual", "/fapi/v1/depth")] {
        let url = exchange.endpoint("\(market).base_url") + "\(path)?symbol=BTCUSDT&limit=5"
        let outcome = try await Shell.run("curl -sS '\(url)'", in: scratch)
        let file = try scratch.write(outcome.output, to: "depth.json")
        let shape = "[(.lastUpdateId|type), (.bids|length), (.asks|length), (.bids[0][0]|type)]"
        #expect(try await Shell.jq(shape, file: file, in: scratch) == #"["number",5,5,"string"]"#)
        #expect(exchange.endpoint("\(market).ws_url").hasPrefix("ws://127.0.0.1:"))
      }
      let port = try #require(exchange.endpoint("spot.base_url").firstMatch(of: /:(\d+)/)?.1)
      let second = try await Binary.run(["simulate", "--listen", "127.0.0.1:\(port)"], in: scratch)
      #expect(second.ending == .exit(69) && second.errors.contains(port), "\(second)")
      exchange.program.send(15)
      #expect(try await exchange.program.ending() == .exit(0))
    }
  }
}
