import Glibc
import Testing

/// A terminal of a known size, played by tmux.
private struct Screen {
  let scratch: Scratch
  /// In the foreground, so that it ends with the test, whatever became of that.
  let server: Program

  /// Runs a command in it; the terminal stays when the command has ended, with its status on it.
  init(_ command: String, columns: Int = 80, rows: Int = 24, in scratch: Scratch) async throws {
    self.scratch = scratch
    server = try Program(["tmux", "-D", "-S", "\(scratch.path)/tmux", "-f", "/dev/null"], in: scratch)
    let probe = "tmux -N -S \(scratch.path)/tmux show-options -g"
    try await poll("tmux listens; it wrote \(server.errors)") {
      try await Shell.run(probe, in: scratch).ending == .exit(0)
    }
    let script = try scratch.write(
      "\(command)\necho \"status $? $(stty -a | grep -o ' -\\?echo ')\"\nsleep 60\n", to: "screen.sh")
    try await tmux("new-session -d -x \(columns) -y \(rows) bash \(script)")
  }

  @discardableResult
  func tmux(_ arguments: String) async throws -> String {
    let outcome = try await Shell.run("tmux -S \(scratch.path)/tmux -f /dev/null \(arguments)", in: scratch)
    #expect(outcome.ending == .exit(0), "tmux \(arguments): \(outcome.errors)")
    return outcome.output
  }

  func keys(_ keys: String) async throws { try await tmux("send-keys \(keys)") }

  /// Waits until the screen shows it, and returns the screen.
  @discardableResult
  func until(_ text: String) async throws -> [Substring] {
    var shown = ""
    try await poll("the screen shows «\(text)»; it shows\n\(shown)") {
      shown = try await tmux("capture-pane -p")
      return shown.contains(text)
    }
    return shown.split(separator: "\n", omittingEmptySubsequences: false)
  }

  func close() async throws { try await tmux("kill-server") }
}

extension ProgramTests {
  @Suite("marketprismctl on a terminal", .enabled(if: access("/usr/bin/tmux", X_OK) == 0))
  struct ControlScreenTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func tool(_ demo: Collector, _ arguments: String = "") -> String {
      "XDG_STATE_HOME=\(scratch.path)/state MARKETPRISM_SOCKET=\(demo.socket) \(Binary.tool) \(arguments)"
    }

    @Test("top shows sessions, books, NATS and health at 80×24, follows the size, and leaves the terminal as it was")
    func top() async throws {
      let demo = try await Collector(demoIn: scratch)
      try await demo.untilSynchronised(books: 5)
      let screen = try await Screen(tool(demo, "top"), in: scratch)
      // The second sample brings rates.
      try await screen.until("/s)")
      let lines = try await screen.until("binance perpetual ETH-USDT")
      #expect(lines.first?.hasPrefix(" MarketPrism 0.") == true && lines.first?.contains("degraded, ready") == true)
      #expect(lines.contains { $0.hasPrefix(" warn nats_connection: optional, down") })
      #expect(lines.contains { $0.hasPrefix(" NATS down, optional (file)") })
      #expect(lines.contains { $0.hasPrefix(" events ") && $0.contains("no_nats") && $0.contains("lag ") })
      let sessions = lines.filter {
        $0.firstMatch(of: #/^ binance-(spot|perpetual)/1 +open +\d+ +\d+ +\d+ ms +0 +\d/\d/#) != nil
      }
      #expect(sessions.count == 2, "\(lines.joined(separator: "\n"))")
      let books = lines.filter {
        $0.firstMatch(of: #/^ binance (spot|perpetual) [A-Z]+-USDT +\d+\.\d+ +\d+\.\d+/#) != nil
      }
      #expect(books.count == 5, "\(lines.joined(separator: "\n"))")
      #expect(lines.contains { $0.hasPrefix(" q quits") })

      try await screen.tmux("resize-window -x 60 -y 16")
      try await poll("the screen is 16 rows high") {
        let shown = try await screen.tmux("capture-pane -p").split(separator: "\n", omittingEmptySubsequences: false)
        return shown.count == 17 && shown[15].hasPrefix(" q quits")
      }
      try await demo.stop()
      try await screen.until("what follows is old")
      try await screen.keys("q")
      let after = try await screen.until("status 0  echo")
      #expect(!after.contains { $0.contains("q quits") })
      try await screen.close()
    }

    @Test("a signal ends top, and the terminal is as it was", arguments: [(SIGTERM, 143), (SIGHUP, 129)])
    func signals(number: Int32, status: Int) async throws {
      let pid = "\(scratch.path)/pid"
      let command = "(echo $BASHPID >\(pid); exec \(Binary.tool) top --socket \(scratch.path)/none)"
      let screen = try await Screen(command, in: scratch)
      try await screen.until("there is no such socket")
      let process = try #require(pid_t(Files.text(pid).split(separator: "\n").first ?? ""))
      #expect(kill(process, number) == 0)
      let after = try await screen.until("status \(status)  echo")
      #expect(!after.contains { $0.contains("MarketPrism") })
      try await screen.close()
    }

    @Test("lines are edited, completed, kept and sent; the prompt tells the state")
    func interactive() async throws {
      let demo = try await Collector(demoIn: scratch)
      try await demo.untilSynchronised(books: 5)
      let screen = try await Screen(tool(demo), in: scratch)
      try await screen.until("marketprism[degraded]>")
      try await screen.keys("-l 'nats st'")
      try await screen.keys("Tab Enter")
      try await screen.until("reason: no server is configured")
      try await screen.keys("-l 'nats re'")
      try await screen.keys("Tab Tab")
      try await screen.until("reconnect  have what was published")
      try await screen.keys("C-u")
      try await screen.keys("-l 'book show binance spot NOPE'")
      try await screen.keys("Enter")
      try await screen.until("marketprismctl: 404 unknown-symbol")
      // Ctrl-C ends what runs, and only that.
      try await screen.keys("-l 'wait drained 60'")
      try await screen.keys("Enter")
      try await screen.until("# working")
      try await screen.keys("C-c")
      try await screen.until("marketprismctl: interrupted")
      try await screen.keys("Up Up C-a C-k")
      try await screen.keys("C-r")
      try await screen.keys("-l 'nats s'")
      try await screen.until("(search \"nats s\") nats status")
      try await screen.keys("C-c")
      try await demo.stop()
      try await screen.keys("Enter")
      try await screen.until("marketprism[not connected]>")
      try await screen.keys("C-d")
      try await screen.until("status 0  echo")
      #expect(
        Files.text("\(scratch.path)/state/marketprism/history")
          == "nats status\nbook show binance spot NOPE\nwait drained 60\n")
      try await screen.close()
    }
  }
}
