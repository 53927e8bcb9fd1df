public import PicketPluginSDK
import PicketTransforms

/// Disagreement of an ensemble: other models of the same classes look at the same row, and at squeezed copies of it; what
/// fools one of them seldom fools all in the same way.
///
/// Components, `PICTURE:STATISTIC`, `mean:STATISTIC` and `max:STATISTIC`, PICTURE being `input` or a squeezer: see
/// ``EnsembleStatistic``. Only those runs are planned that the chosen components need. A model's answers are tempered first
/// (Guo and others, ICML 2017), by a temperature that fits the labels of the clean rows at calibration.
public struct EnsembleDisagreement: LearningDetector {
    public static let name: StaticString = "ensemble-disagreement"
    public static let version: StaticString = "2.0.0"

    let members: [String]
    let fitsTemperatures: Bool
    private let squeezers: PictureVariants?
    private let statistics: [EnsembleStatistic]
    private let scored: ScopedComponents
    private let usesReference: Bool
    private let temperatures: Temperatures
    private(set) var served: Wanted?
    /// By picture (the row first), then by model.
    private(set) var answers: [[Wanted?]] = []

    public init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        let settings = try configuration.decoded(as: Settings.self)
        members = settings.members
        fitsTemperatures = settings.temperatures == .fitted
        try EnsembleDisagreement.check(members, subject, host)
        squeezers = try EnsembleDisagreement.squeezers(settings.squeezers, subject)
        let labels = squeezers?.labels(limit: 24, otherwise: "squeezer") ?? []
        let names = EnsembleNames.distinct(["served"] + members)
        statistics = EnsembleStatistic.all(models: names.count) + EnsembleStatistic.overAll
        do {
            scored = try ScopedComponents(
                choosing: settings.components ?? Defaults.components,
                from: EnsembleNames.offered(statistics, models: names, pictures: ["input"] + labels)
            )
        } catch {
            throw DetectorFault.invalid("components: \(error)")
        }
        let chosen = scored.components.map { [statistics] in statistics[$0.statistic] }
        usesReference = ReferenceDistance.allCases.contains { chosen.contains(.reference($0)) }
        temperatures = try Temperatures(state: state, count: names.count)
    }

    public mutating func plan(_ planner: Planner) throws {
        served = try planner.want(Planner.logProbabilities)
        let needed = needs()
        answers = try needed.enumerated().map { picture, models in
            guard !models.isEmpty else { return [Wanted?](repeating: nil, count: members.count + 1) }
            let variant = squeezers.flatMap { picture > 0 ? $0.variants[picture - 1] : nil }
            let node = try variant.map {
                try planner.variant(key: $0.key, token: UInt64(picture - 1), drawn: $0.transform.isDrawn)
            }
            return try (0...members.count).map { model in
                guard models.contains(model) else { return nil }
                if picture == 0, model == 0 { return served }
                return try planner.want(
                    Planner.logProbabilities,
                    ofRunning: model == 0 ? nil : members[model - 1],
                    on: node ?? .input
                )
            }
        }
        for component in scored.components { try planner.component(component.name) }
    }

    /// The models that each picture needs.
    private func needs() -> [Set<Int>] {
        var needs = [Set<Int>](repeating: [], count: 1 + (squeezers?.variants.count ?? 0))
        for component in scored.components {
            let statistic = statistics[component.statistic]
            let places = statistic.isPooled ? Array(needs.indices) : component.places
            for place in places { needs[place].formUnion(statistic.models(of: members.count + 1)) }
        }
        return needs
    }

    public func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        guard let squeezers else { throw DetectorFault.failed("no squeezer \(token): there are none") }
        try squeezers.render(token, source: source, bits: generator.map { $0.next }, into: &destination)
    }

    public func score(_ evidence: Evidence, into components: inout MutableSpan<Double>) throws {
        guard let served, components.count == scored.components.count else {
            throw DetectorFault.failed("scored before planning, or \(components.count) components expected")
        }
        let row = try distribution(evidence[served], of: 0)
        let pictures = try answers.map { models in
            try models.enumerated().map { model, wanted in
                try wanted.map { try distribution(evidence[$0], of: model) }
            }
        }
        guard
            pictures.allSatisfy({
                $0.allSatisfy { $0?.logarithms.count ?? row.logarithms.count == row.logarithms.count }
            })
        else { throw DetectorFault.failed("a member's classes are not as many as the served model's") }
        let told = EnsembleAnswers(served: row, pictures: pictures, withReference: usesReference)
        scored.write(into: &components) { told.value(of: statistics[$0], on: $1) }
    }

    private func distribution(_ tensor: TensorView, of model: Int) throws -> ClassDistribution {
        let sharpness = temperatures.sharpness[model]
        return try tensor.withElements { try ClassDistribution(logProbabilities: $0, sharpness: sharpness) }
    }
}
