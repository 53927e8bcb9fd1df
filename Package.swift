// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target of ours: two upcoming features that keep borders honest, and no warning lives.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

/// A target under `Sources/` with its own settings.
func target(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

/// A detector: its logic (linked into tests) and its entry (a shared library with the one exported symbol).
func plugin(_ folder: String, _ module: String, _ dependencies: [Target.Dependency]) -> [Target] {
    [
        .target(
            name: module,
            dependencies: ["PicketPluginSDK", "PicketTransforms"] + dependencies,
            path: "Plugins/\(folder)/Logic",
            swiftSettings: strict
        ),
        .target(
            name: "\(module)Entry",
            dependencies: ["PicketPluginSDK", .target(name: module)],
            path: "Plugins/\(folder)/Entry",
            swiftSettings: strict,
            // A plugin exports its entry and nothing else, so that no symbol of it meets one of the host.
            linkerSettings: [
                .unsafeFlags(["-Xlinker", "--version-script=\(Context.packageDirectory)/Plugins/exports.map"])
            ]
        ),
    ]
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let metricsTestKit: Target.Dependency = .product(name: "MetricsTestKit", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

let package = Package(
    name: "picket",
    products: [
        .executable(name: "picketd", targets: ["picketd"]),
        .executable(name: "picket", targets: ["picket"]),
        // For the fuzzers, which are packages of their own.
        .library(name: "PicketProtocol", targets: ["PicketProtocol"]),
        .library(name: "PicketInference", targets: ["PicketInference"]),
        .library(name: "picket-feature-squeezing", type: .dynamic, targets: ["FeatureSqueezingEntry"]),
        .library(name: "picket-transform-consistency", type: .dynamic, targets: ["TransformConsistencyEntry"]),
        .library(name: "picket-ensemble-disagreement", type: .dynamic, targets: ["EnsembleDisagreementEntry"]),
        .library(name: "picket-feature-space", type: .dynamic, targets: ["FeatureSpaceEntry"]),
        .library(name: "picket-input-statistics", type: .dynamic, targets: ["InputStatisticsEntry"]),
        .library(name: "picket-reconstruction", type: .dynamic, targets: ["ReconstructionEntry"]),
        .library(name: "picket-noise-stability", type: .dynamic, targets: ["NoiseStabilityEntry"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Layer 0: C
        .target(name: "CPicketABI"),
        .target(name: "CPicketKernels"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .target(name: "CSIMDJSON", linkerSettings: [.linkedLibrary("simdjson")]),

        // Layer 1: values
        target("PicketTensor", []),
        target("PicketCrypto", ["COpenSSL"]),
        target("PicketPluginSDK", ["CPicketABI"]),
        .target(name: "PicketSchemas", dependencies: [protobuf], exclude: ["Protos"]),

        // Layer 2: domains
        target("PicketInference", ["PicketTensor", "PicketSchemas", "CPicketKernels", protobuf]),
        target("PicketTransforms", ["CPicketKernels", "CTurboJPEG"]),
        target("PicketDetection", ["PicketTensor", "PicketCrypto", "CPicketABI"]),
        target("PicketProtocol", ["PicketTensor", "CSIMDJSON", nioCore, nioHTTP1]),
        target("PicketEvents", ["CSystemd"]),
        target("PicketConfiguration", [.product(name: "Yams", package: "Yams")]),

        // Layer 3: the guard, without sockets
        target(
            "PicketRuntime",
            [
                "PicketTensor", "PicketInference", "PicketDetection", "PicketConfiguration", "PicketEvents",
                "PicketCrypto", logging, metrics,
            ]
        ),

        // Layer 4: faces
        target(
            "PicketServer",
            [
                "PicketRuntime", "PicketProtocol", "PicketConfiguration", "PicketEvents", "PicketTensor", "CSystemd",
                nioCore, nioHTTP1, nioPosix, logging, lifecycle,
            ]
        ),
        target(
            "PicketEvaluation",
            [
                "PicketRuntime", "PicketInference", "PicketDetection", "PicketConfiguration", "PicketEvents",
                "PicketCrypto", "PicketTensor", "PicketTransforms", "CZip", "CTurboJPEG", "CPNG",
            ]
        ),

        // Layer 5: executables
        .executableTarget(
            name: "picketd",
            dependencies: ["PicketServer", "PicketConfiguration", arguments, logging],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "picket",
            dependencies: [
                "PicketEvaluation", "PicketInference", "PicketConfiguration", "PicketServer", "PicketProtocol",
                "PicketDetection", "PicketCrypto", "PicketTensor", arguments, logging,
            ],
            swiftSettings: strict
        ),
    ]
        + plugin("FeatureSqueezing", "FeatureSqueezing", [])
        + plugin("TransformConsistency", "TransformConsistency", [])
        + plugin("EnsembleDisagreement", "EnsembleDisagreement", [])
        + plugin("FeatureSpace", "FeatureSpace", [])
        + plugin("InputStatistics", "InputStatistics", [])
        + plugin("Reconstruction", "Reconstruction", [])
        + plugin("NoiseStability", "NoiseStability", [])
        + [
            tests("PicketKernelsTests", ["CPicketKernels"]),
            tests("PicketTensorTests", ["PicketTensor"]),
            tests("PicketCryptoTests", ["PicketCrypto"]),
            .target(name: "CAllocationCount", path: "Tests/Support/CAllocationCount"),
            tests(
                "PicketInferenceTests",
                ["PicketInference", "PicketSchemas", "PicketTensor", "CAllocationCount", protobuf]
            ),
            tests("PicketTransformsTests", ["PicketTransforms", "CPicketKernels"]),
            tests("PicketDetectionTests", ["PicketDetection", "PicketTensor", "PicketCrypto"]),
            tests(
                "PluginTests",
                [
                    "FeatureSqueezing", "TransformConsistency", "EnsembleDisagreement", "NoiseStability",
                    "PicketPluginSDK", "PicketTransforms", "PicketDetection", "PicketCrypto", "PicketTensor",
                    "CPicketABI",
                ]
            ),
            tests(
                "LearningPluginTests",
                [
                    "FeatureSpace", "InputStatistics", "Reconstruction", "PicketPluginSDK", "CPicketABI",
                    "CPicketKernels",
                ]
            ),
            tests("PicketConfigurationTests", ["PicketConfiguration"]),
            tests("PicketEventsTests", ["PicketEvents"]),
            tests("PicketProtocolTests", ["PicketProtocol", "PicketTensor", nioCore, nioHTTP1]),
            tests(
                "PicketRuntimeTests",
                [
                    "PicketRuntime", "PicketConfiguration", "PicketDetection", "PicketCrypto", "PicketEvents",
                    "PicketEvaluation", "PicketTensor", logging, metricsTestKit,
                ]
            ),
            tests(
                "PicketServerTests",
                [
                    "PicketServer", "PicketRuntime", "PicketProtocol", "PicketTensor", nioCore, nioPosix, logging,
                    lifecycle,
                ]
            ),
            tests(
                "PicketEvaluationTests",
                [
                    "PicketEvaluation", "PicketRuntime", "PicketDetection", "PicketConfiguration", "PicketTensor",
                    "PicketTransforms", "PicketCrypto", logging,
                ]
            ),
            tests("PackageTests", []),
            // Talks to the built executables as processes; links none of them.
            tests("BlackBoxTests", ["PicketCrypto"]),
        ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11,
    cxxLanguageStandard: .cxx17
)
