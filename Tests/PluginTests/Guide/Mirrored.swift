import PicketPluginSDK

/// Does the answer change when the picture is mirrored?
struct Mirrored: Detector {
    static let name: StaticString = "mirrored"
    static let version: StaticString = "1.0.0"

    struct Settings: Decodable {
        /// The distance is raised to this power.
        var exponent: Int?
    }

    private let exponent: Int
    private var plain: Wanted?
    private var mirrored: Wanted?

    init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        guard subject.kind == .image else { throw DetectorFault.unsupported("mirrored looks at pictures only") }
        exponent = try configuration.decoded(as: Settings.self).exponent ?? 1
        guard (1...4).contains(exponent) else {
            throw DetectorFault.invalid("exponent: found \(exponent), expected an integer from 1 to 4")
        }
    }

    mutating func plan(_ planner: Planner) throws {
        let variant = try planner.variant(key: "mirrored/left-right", token: 0)
        plain = try planner.want(Planner.probabilities)
        mirrored = try planner.want(Planner.probabilities, on: variant)
        try planner.component("distance")
    }

    func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        let width = shape[2]
        for index in source.indices {
            let column = index % width
            destination[index - column + (width - 1 - column)] = source[index]
        }
    }

    func score(_ evidence: Evidence, into components: inout MutableSpan<Double>) throws {
        guard let plain, let mirrored else { throw DetectorFault.failed("scored before planning") }
        let pairs = zip(try evidence[plain].array(), try evidence[mirrored].array())
        let distance = pairs.reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
        components[0] = (0..<exponent).reduce(1.0) { power, _ in power * distance }
    }
}
