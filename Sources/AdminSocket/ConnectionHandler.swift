import AdminProtocol
import Logging
import NIOCore

/// Tells the handlers of all connections that the server stops.
struct ServerStops: Sendable {}

/// Carries out what a ``ConnectionMachine`` says. All of it happens on the channel's event loop; only commands do not.
final class ConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var machine: ConnectionMachine
  /// The caller's at the time of connecting.
  private let groups: Set<UInt32>
  private let handler: any CommandHandler
  private let registry: ConnectionRegistry
  private let logger: Logger
  private var context: ChannelHandlerContext?
  private var timers: [ConnectionMachine.Timer: Scheduled<Void>] = [:]
  private var tasks: [Int: Task<Void, Never>] = [:]
  private var actions: [ConnectionMachine.Action] = []
  private var performing = false
  private var readHeld = false

  init(
    machine: ConnectionMachine, groups: Set<UInt32>, handler: any CommandHandler, registry: ConnectionRegistry,
    logger: Logger
  ) {
    self.machine = machine
    self.groups = groups
    self.handler = handler
    self.registry = registry
    self.logger = logger
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    perform(machine.opened())
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    perform(machine.received(unwrapInboundIn(data).readableBytesView))
  }

  /// Input is left in the kernel, and the sender waits, while requests wait here.
  func read(context: ChannelHandlerContext) {
    if machine.wantsInput { context.read() } else { readHeld = true }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed {
      perform(machine.ended())
    } else if let changes = event as? AccessChanges {
      machine.changed(
        role: changes.access.roles.role(uid: machine.caller.uid, groups: groups), limits: changes.access.limits)
    } else if event is ServerStops {
      perform(machine.shutDown())
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    logger.debug("admin connection failed", metadata: ["pid": "\(machine.caller.pid)", "error": "\(error)"])
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    perform(machine.disconnected())
    context.fireChannelInactive()
  }

  /// Actions may lead to further input at once (a write that completes), whose actions then come after.
  private func perform(_ new: [ConnectionMachine.Action]) {
    actions += new
    guard !performing else { return }
    performing = true
    while !actions.isEmpty {
      let batch = actions
      actions = []
      for action in batch { perform(action) }
    }
    performing = false
    if readHeld && machine.wantsInput {
      readHeld = false
      context?.read()
    }
  }

  private func perform(_ action: ConnectionMachine.Action) {
    switch action {
    case .write(let text): write(text)
    case .run(let number, let call): run(number, call)
    case .cancel(let number): tasks[number]?.cancel()
    case .arm(let timer, let delay): arm(timer, delay)
    case .disarm(let timer): timers.removeValue(forKey: timer)?.cancel()
    case .audit(let record): audit(record)
    case .count(let event): registry.count(event)
    case .endOutput: context?.close(mode: .output, promise: nil)
    case .close: context?.close(promise: nil)
    }
  }

  private func write(_ text: String) {
    guard let context else { return }
    let buffer = context.channel.allocator.buffer(string: text)
    let count = buffer.readableBytes
    context.writeAndFlush(wrapOutboundOut(buffer)).assumeIsolated().whenComplete { result in
      switch result {
      case .success: self.perform(self.machine.sent(count))
      case .failure: self.context?.close(promise: nil)
      }
    }
  }

  private func arm(_ timer: ConnectionMachine.Timer, _ delay: Duration) {
    timers.removeValue(forKey: timer)?.cancel()
    guard let context, context.channel.isActive else { return }
    timers[timer] = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
      self.timers[timer] = nil
      self.perform(self.machine.fired(timer))
    }
  }

  private func run(_ number: Int, _ call: CommandCall) {
    guard let context else { return }
    let loop = context.eventLoop
    let here = NIOLoopBound(self, eventLoop: loop)
    let (handler, caller, registry) = (handler, machine.caller, registry)
    registry.commandStarted()
    tasks[number] = Task {
      let output = CommandOutput(
        progress: { text in loop.execute { here.value.perform(here.value.machine.progressed(number, text)) } },
        line: { text in loop.execute { here.value.perform(here.value.machine.lined(number, text)) } })
      let reply = await handler.run(call, for: caller, output: output)
      loop.execute {
        here.value.tasks[number] = nil
        here.value.perform(here.value.machine.completed(number, reply))
        registry.commandEnded()
      }
    }
  }

  private func audit(_ record: AuditRecord) {
    // Written whatever the log level is set to: that is one of the things being audited.
    var audit = logger
    audit.logLevel = .info
    audit.notice(
      "admin command",
      metadata: [
        "pid": "\(record.caller.pid)", "uid": "\(record.caller.uid)", "command": "\(record.command)",
        "result": "\(record.result)", "generation": "\(record.generation)",
      ])
  }
}
