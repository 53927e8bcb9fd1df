// swift-tools-version: 6.2
import PackageDescription

/// Coverage-guided fuzzing of what comes over the socket: JSON, tensors, a connection's requests. See README.md.
let package = Package(
    name: "wire-fuzzing",
    dependencies: [
        .package(name: "picket", path: "../.."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .target(name: "CLibFuzzerMain"),
        .executableTarget(
            name: "WireFuzzer",
            dependencies: [
                "CLibFuzzerMain", .product(name: "PicketProtocol", package: "picket"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            // libFuzzer brings its own main.
            swiftSettings: [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
        ),
    ],
    swiftLanguageModes: [.v6]
)
