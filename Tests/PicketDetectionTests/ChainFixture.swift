import PicketCrypto
import PicketDetection
import PicketTensor

/// Chains of probe detectors over ``FakeRunner``.
enum ChainFixture {
    static let subject = Subject(
        model: "served",
        kind: .image,
        rowShape: FakeRunner.rowShape,
        grid: 255,
        classCount: FakeRunner.classCount
    )

    static let key = RandomnessKey(publicConstant: SHA256Digest(of: "test"))
    static let otherKey = RandomnessKey(publicConstant: SHA256Digest(of: "another"))

    static func specification(_ modes: [String], flags: [String] = []) throws -> ChainSpecification {
        let plugin = try ProbePlugin.plugin(flags)
        let names = DetectorSpecification.names(forPlugins: modes)
        return ChainSpecification(
            subject: subject,
            detectors: zip(names, modes).map {
                DetectorSpecification(name: $0, plugin: plugin, configuration: "{\"mode\":\"\($1)\"}")
            },
            canonicalConfiguration: "range 0 1"
        )
    }

    static func chain(
        _ modes: [String],
        runner: any ModelRunner = FakeRunner(),
        flags: [String] = [],
        states: [String: [UInt8]] = [:]
    ) throws -> Chain {
        try Chain(specification(modes, flags: flags), states: states, runner: runner, log: { _, _, _ in })
    }

    /// Rows of k/255, all different; row 0 begins with 0.95, the others below 0.9.
    static func rows(_ count: Int, from first: Int = 0) -> Tensor {
        let elements = (first..<first + count).flatMap { row in
            (0..<6).map { index -> Float in
                let step = (row * 37 + index * 53 + row * row * index) % 220
                return index == 0 && row == 0 ? 0.95 : Float(index == 5 ? row % 256 : step) / 255
            }
        }
        return Tensor(elements, shape: Shape([count, 1, 2, 3]))
    }

    static func components(_ outcome: DetectorOutcome) -> [Double]? {
        if case .components(let values) = outcome { values } else { nil }
    }
}
