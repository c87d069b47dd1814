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
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")

let package = Package(
  name: "marketprism-collector",
  products: [
    .executable(name: "marketprism-collector", targets: ["marketprism-collector"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
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
    .target(
      name: "Agent",
      dependencies: [
        "Settings", "MarketData", "Recordings", "Venues", "Feeds", "Delivery", "AdminProtocol", logging, metrics,
      ],
      swiftSettings: ours),
    .target(
      name: "AdminSocket", dependencies: ["AdminProtocol", logging, nioCore, nioPosix], swiftSettings: ours),
    .target(name: "HTTPAPI", dependencies: ["Agent", "AdminProtocol", hummingbird, logging], swiftSettings: ours),
    .target(
      name: "VenueSimulator",
      dependencies: ["Venues", "MarketData", logging, nioCore, nioHTTP1, nioPosix, nioWebSocket], swiftSettings: ours),
    .executableTarget(
      name: "marketprism-collector",
      dependencies: ["Agent", "AdminSocket", "HTTPAPI", "VenueSimulator", argumentParser, logging],
      swiftSettings: ours),

    // Benchmarks: run with `swift run -c release marketprism-bench`; nothing else depends on them.
    .target(name: "CMallocCount", path: "Benchmarks/CMallocCount"),
    .executableTarget(
      name: "marketprism-bench",
      dependencies: ["CMallocCount", "MarketData", "Recordings", "Venues", argumentParser],
      path: "Benchmarks/Collector", swiftSettings: ours),

    .testTarget(
      name: "FeedsTests",
      dependencies: ["Feeds", nioCore, nioHTTP1, nioPosix, nioSSL, nioWebSocket], swiftSettings: ours),
    .testTarget(name: "AdminProtocolTests", dependencies: ["AdminProtocol"], swiftSettings: ours),
    .testTarget(
      name: "AdminSocketTests", dependencies: ["AdminSocket", "AdminProtocol", logging, nioCore, nioPosix],
      exclude: ["transcripts"], swiftSettings: ours),
  ]
)
