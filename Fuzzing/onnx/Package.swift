// swift-tools-version: 6.2
import PackageDescription

/// Coverage-guided fuzzing of the ONNX importer: scanner, decoder, graph, passes. See README.md.
let package = Package(
    name: "onnx-fuzzing",
    dependencies: [.package(name: "picket", path: "../..")],
    targets: [
        .target(name: "CLibFuzzerMain"),
        .executableTarget(
            name: "OnnxFuzzer",
            dependencies: ["CLibFuzzerMain", .product(name: "PicketInference", package: "picket")],
            // libFuzzer brings its own main.
            swiftSettings: [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
        )
    ],
    swiftLanguageModes: [.v6]
)
