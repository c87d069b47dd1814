import Glibc

/// What the kernel says about this process, from `/proc`.
public struct ProcessFigures: Sendable {
  /// When the process began, in seconds since 1970.
  public var startTimeSeconds: Double
  /// Bytes of memory that are in RAM.
  public var residentMemoryBytes: Int
  /// User and system time used so far.
  public var cpuSeconds: Double
  /// Open file descriptors; nil when `/proc/self/fd` cannot be read.
  public var openFiles: Int?
  /// How many may be open; nil without a limit.
  public var maximumFiles: Int?

  /// Reads the present figures; nil where `/proc` is not there.
  public static func current() -> ProcessFigures? {
    guard let own = text(ofFile: "/proc/self/stat"), let parsed = Times(statText: own) else { return nil }
    // Not from /proc/stat: a service manager may hide all of /proc but the processes (ProcSubset=pid).
    let boot = seconds(CLOCK_REALTIME) - seconds(CLOCK_BOOTTIME)
    let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    return ProcessFigures(
      startTimeSeconds: boot + parsed.start / ticks,
      residentMemoryBytes: parsed.residentPages.multipliedReportingOverflow(by: sysconf(Int32(_SC_PAGESIZE)))
        .partialValue,
      cpuSeconds: (parsed.user + parsed.system) / ticks, openFiles: countOpenFiles(), maximumFiles: fileLimit())
  }

  /// The fields of `/proc/self/stat` that are needed, in ticks and pages (see proc_pid_stat(5)).
  package struct Times: Sendable {
    package var user: Double
    package var system: Double
    package var start: Double
    package var residentPages: Int

    /// The command name stands in parentheses and may hold blanks and parentheses itself, so fields are counted from
    /// the last `)`: the first one behind it is field 3.
    package init?(statText: String) {
      guard let end = statText.lastIndex(of: ")") else { return nil }
      let fields = statText[statText.index(after: end)...].split(whereSeparator: \.isWhitespace)
      guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
        let start = Double(fields[19]), let pages = Int(fields[21])
      else { return nil }
      self.user = user
      self.system = system
      self.start = start
      residentPages = pages
    }
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func countOpenFiles() -> Int? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var entries = 0
    while readdir(directory) != nil { entries += 1 }
    // Without `.`, `..` and the descriptor that reads the directory.
    return max(0, entries - 3)
  }

  private static func fileLimit() -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    return Int(exactly: limit.rlim_cur)
  }

  private static func text(ofFile path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < 1 << 20 {
      let count = read(file, &chunk, chunk.count)
      if count <= 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension PrometheusRegistry {
  /// Adds the `process_*` families.
  public func addProcessFigures() {
    addCollector { sink in
      guard let figures = ProcessFigures.current() else { return }
      sink.record(.processStartTime, figures.startTimeSeconds)
      sink.record(.processResidentMemory, figures.residentMemoryBytes)
      sink.record(.processCPU, figures.cpuSeconds)
      if let open = figures.openFiles { sink.record(.processOpenFiles, open) }
      if let maximum = figures.maximumFiles { sink.record(.processMaximumFiles, maximum) }
    }
  }
}
