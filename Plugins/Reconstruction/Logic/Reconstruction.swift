public import PicketPluginSDK
import PicketTransforms

/// The reconstruction of a row by an autoencoder that learnt clean rows: an adversarial row is off what the autoencoder can
/// draw, or is drawn as something that the served model answers otherwise (MagNet, Meng and Chen, CCS 2017).
///
/// Components: see ``ReconstructionStatistic``. The reconstruction is held to 0...1, and rounded to the grid where rows are
/// on one, before anything is measured: a row on the grid against a picture off it would tell the grid, not the attack.
public struct Reconstruction: Detector {
    public static let name: StaticString = "reconstruction"
    public static let version: StaticString = "1.0.0"

    private let autoencoder: String
    private let tensor: ReconstructionTensor
    private let restoration: Restoration
    private let row: Extents
    private let statistics: [ReconstructionStatistic]
    private let needsAnswers: Bool
    private var restored: Wanted?
    private var answers: (row: Wanted, reconstruction: Wanted)?

    public init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        let settings = try configuration.decoded(as: Settings.self)
        guard let facts = try host.model(settings.autoencoder) else {
            throw DetectorFault.unsupported("reconstruction needs a host that knows its models")
        }
        autoencoder = settings.autoencoder
        tensor = try ReconstructionTensor(settings.output, of: autoencoder, facts, row: subject.extents)
        row = subject.extents
        restoration = Restoration(
            isPicture: subject.kind == .image,
            isOnGrid: subject.isOnByteGrid,
            range: settings.range ?? 0...1
        )
        let offered = ReconstructionStatistic.all(temperatures: settings.temperatures)
            .filter { subject.classCount > 0 || !$0.needsAnswers }
        statistics = try Reconstruction.choose(settings.components, among: offered)
        needsAnswers = statistics.contains(where: \.needsAnswers)
        host.log(.debug, "reconstruction of \(subject.model): \(tensor.name) of \(autoencoder)")
    }

    private static func choose(
        _ asked: [String]?,
        among offered: [ReconstructionStatistic]
    ) throws -> [ReconstructionStatistic] {
        guard let asked else { return offered }
        guard !asked.isEmpty else { throw DetectorFault.invalid("components: found none, expected one or more") }
        var chosen: [ReconstructionStatistic] = []
        for name in asked {
            guard let statistic = offered.first(where: { $0.name == name }) else {
                let known = offered.map(\.name).joined(separator: ", ")
                throw DetectorFault.invalid("components: found \(name), expected one of \(known)")
            }
            guard !chosen.contains(statistic) else {
                throw DetectorFault.invalid("components: found \(name) twice, expected it once")
            }
            chosen.append(statistic)
        }
        return chosen
    }

    public mutating func plan(_ planner: Planner) throws {
        let drawn = try planner.tensor(tensor.name, of: planner.run(model: autoencoder))
        let variant = try planner.variant(of: drawn, key: restoration.key, token: 0, extents: row)
        restored = try planner.want(variant)
        if needsAnswers {
            answers = (
                try planner.want(Planner.logProbabilities), try planner.want(Planner.logProbabilities, on: variant)
            )
        }
        for statistic in statistics { try planner.component(statistic.name) }
    }

    public func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        guard shape == row, source.count == row.elementCount, destination.count == source.count else {
            throw DetectorFault.failed("\(tensor.name) of \(autoencoder) came with \(shape), expected \(row)")
        }
        restoration.restore(source, into: &destination)
    }

    public func score(_ evidence: Evidence, into components: inout MutableSpan<Double>) throws {
        guard let restored, components.count == statistics.count else {
            throw DetectorFault.failed("scored before planning, or \(components.count) components expected")
        }
        let distances = try Distances(evidence.input, evidence[restored])
        for (index, statistic) in statistics.enumerated() {
            components[index] =
                switch statistic {
                case .l1: distances.l1
                case .l2: distances.l2
                case .divergence(let temperature): try compare(.js, evidence, sharpness: 1 / temperature)
                case .margin: try compare(.margin, evidence)
                case .runnerUp: try compare(.runnerUp, evidence)
                case .label: try compare(.label, evidence)
                }
        }
    }

    private func compare(_ statistic: AnswerStatistic, _ evidence: Evidence, sharpness: Double = 1) throws -> Double {
        guard let answers else { throw DetectorFault.failed("no answers were planned") }
        let row = try distribution(evidence[answers.row], sharpness)
        let reconstruction = try distribution(evidence[answers.reconstruction], sharpness)
        guard row.logarithms.count == reconstruction.logarithms.count else {
            throw DetectorFault.failed("the classes of the reconstruction are not as many as the row's")
        }
        return statistic.value(row: row, transformed: reconstruction)
    }

    private func distribution(_ tensor: TensorView, _ sharpness: Double) throws -> ClassDistribution {
        try tensor.withElements { try ClassDistribution(logProbabilities: $0, sharpness: sharpness) }
    }
}
