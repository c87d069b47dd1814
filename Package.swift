// swift-tools-version: 6.2

import PackageDescription

/// Settings of every target of ours. Packages we depend on keep their own.
let ours: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
]

/// The rooms on the per-message path are optimised in debug builds too, so that tests over whole recordings
/// and a million mutated frames finish in seconds. Overflow and bounds checks stay on.
let hot: [SwiftSetting] = ours + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")

let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
  name: "marketprism-collector",
  products: [
    .executable(name: "marketprism-collector", targets: ["marketprism-collector"]),
    .executable(name: "marketprismctl", targets: ["marketprismctl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    // Its trait FullFoundation, on by default, would link Foundation and with it 40 MB of ICU data.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CNATS", pkgConfig: "libnats", providers: [.apt(["libnats-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    .target(name: "Settings", dependencies: ["CYAML"], swiftSettings: ours),
    .target(name: "MarketData", swiftSettings: hot),
    .target(name: "Venues", dependencies: ["MarketData"], swiftSettings: hot),
    .target(name: "Recordings", dependencies: ["CZlib"], swiftSettings: hot),
    .target(
      name: "Feeds",
      dependencies: [
        "Venues", "MarketData", logging, nioCore, nioHTTP1, nioPosix, nioSSL, nioWebSocket, asyncHTTPClient,
      ], swiftSettings: ours),
    .target(name: "Delivery", dependencies: ["MarketData", "CNATS", logging], swiftSettings: ours),
    .target(name: "AdminProtocol", swiftSettings: ours),
    .target(name: "ServiceNotification", swiftSettings: ours),
    .target(
      name: "Agent",
      dependencies: [
        "Settings", "MarketData", "Recordings", "Venues", "Feeds", "Delivery", "AdminProtocol", logging, metrics,
        nioCore, nioPosix,
      ],
      swiftSettings: ours),
    .target(
      name: "AdminSocket", dependencies: ["AdminProtocol", "Agent", "Settings", logging, nioCore, nioPosix],
      swiftSettings: ours),
    // No NIO and no Foundation: the client is small, and starts at once.
    .target(name: "AdminClient", dependencies: ["AdminProtocol"], swiftSettings: ours),
    .executableTarget(name: "marketprismctl", dependencies: ["AdminClient"], swiftSettings: ours),
    .target(
      name: "HTTPAPI",
      dependencies: [
        "Agent", "AdminProtocol", "MarketData", "Settings", hummingbird, hummingbirdCore, logging, nioCore, nioPosix,
      ],
      swiftSettings: ours),
    // Shares no code with the agent, so that it cannot share its bugs. Optimised in debug builds like the hot rooms:
    // it has to outrun them.
    .target(
      name: "VenueSimulator",
      dependencies: ["CZlib", logging, nioCore, nioHTTP1, nioPosix, nioWebSocket], swiftSettings: hot),
    .executableTarget(
      name: "marketprism-collector",
      dependencies: [
        "Agent", "AdminSocket", "AdminProtocol", "HTTPAPI", "MarketData", "Recordings", "ServiceNotification",
        "Settings", "VenueSimulator", "Venues",
        argumentParser, logging, nioCore, nioPosix, unixSignals,
      ], swiftSettings: ours),

    // Benchmarks: run with `swift run -c release marketprism-bench`; nothing else depends on them.
    .target(name: "CMallocCount", path: "Benchmarks/CMallocCount"),
    // Fuzzing: `make fuzz`; nothing else depends on it.
    .executableTarget(
      name: "marketprism-fuzz", dependencies: ["AdminProtocol", "AdminSocket", "Settings", argumentParser],
      path: "Tests/Fuzz", swiftSettings: ours),
    .executableTarget(
      name: "marketprism-bench",
      dependencies: ["CMallocCount", "MarketData", "Recordings", "Venues", argumentParser],
      path: "Benchmarks/Collector", swiftSettings: ours),

    .testTarget(
      name: "FeedsTests",
      dependencies: ["Feeds", nioCore, nioHTTP1, nioPosix, nioSSL, nioWebSocket], swiftSettings: ours),
    .testTarget(
      name: "FeedsIntegrationTests",
      dependencies: ["Feeds", "Venues", "MarketData", "VenueSimulator", logging, nioCore, nioPosix],
      swiftSettings: ours),
    .testTarget(
      name: "HTTPAPITests", dependencies: ["HTTPAPI", "Agent", "AdminProtocol", "MarketData", "Settings", logging],
      swiftSettings: ours),
    .testTarget(name: "ServiceNotificationTests", dependencies: ["ServiceNotification"], swiftSettings: ours),
    .testTarget(name: "AdminProtocolTests", dependencies: ["AdminProtocol"], swiftSettings: ours),
    .testTarget(name: "AdminClientTests", dependencies: ["AdminClient", "AdminProtocol"], swiftSettings: ours),
    .testTarget(
      name: "AdminSocketTests",
      dependencies: ["AdminSocket", "AdminProtocol", "Agent", "Settings", logging, nioCore, nioPosix],
      exclude: ["transcripts"], swiftSettings: ours),
    .testTarget(
      name: "SettingsTests", dependencies: ["Settings"], exclude: ["good", "bad"], swiftSettings: ours),
    .testTarget(
      name: "DeliveryTests", dependencies: ["Delivery", "MarketData", "CNATS", logging], swiftSettings: ours),
    .testTarget(
      name: "VenueSimulatorTests",
      dependencies: ["VenueSimulator", logging, nioCore, nioHTTP1, nioPosix, nioWebSocket], swiftSettings: ours),

    .target(name: "TestSupport", dependencies: ["CZlib"], path: "Tests/TestSupport", swiftSettings: hot),
    .testTarget(name: "MarketDataTests", dependencies: ["MarketData", "TestSupport"], swiftSettings: hot),
    .testTarget(
      name: "VenuesTests", dependencies: ["Venues", "MarketData", "Recordings", "TestSupport"], swiftSettings: hot),
    .testTarget(name: "RecordingsTests", dependencies: ["Recordings", "TestSupport"], swiftSettings: ours),
    .testTarget(
      name: "AgentTests",
      dependencies: [
        "AdminProtocol", "Agent", "Delivery", "Feeds", "MarketData", "Recordings", "Settings", "Venues",
        "VenueSimulator",
        "TestSupport", logging, metrics, nioPosix,
      ],
      swiftSettings: ours),
    // The manual pages hold what the tables hold.
    .testTarget(
      name: "ManualTests", dependencies: ["AdminClient", "AdminProtocol", "Settings", "marketprism-collector"],
      swiftSettings: ours),
    // Starts the built program and the real tools around it.
    .testTarget(
      name: "SystemTests", dependencies: ["marketprism-collector", "marketprismctl", "CNATS"], swiftSettings: ours),
  ]
)
