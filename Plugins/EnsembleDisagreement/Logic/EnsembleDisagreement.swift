public import PicketPluginSDK
import PicketTransforms

/// Disagreement of an ensemble: other models of the same classes look at the same row; what fools one of them seldom fools
/// all in the same way.
///
/// Components, higher = more suspicious; the label is the served model's most probable class:
///  - `jensen-shannon`: Jensen–Shannon divergence of all the models' distributions, the served one among them, in nats;
///  - `vote`: share of the members whose most probable class is another;
///  - `members-margin`: negated log-odds of the label against its best rival under the mean of the members' probabilities.
public struct EnsembleDisagreement: Detector {
    public static let name: StaticString = "ensemble-disagreement"
    public static let version: StaticString = "1.0.0"

    private let members: [String]
    private var served: Wanted?
    private var answers: [Wanted] = []

    public init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        members = try configuration.decoded(as: Settings.self).members
        for (index, member) in members.enumerated() {
            guard let facts = try host.model(member) else { continue }
            guard facts.classCount == subject.classCount else {
                throw DetectorFault.invalid(
                    "members[\(index)]: found \(member) with \(facts.classCount) classes, expected "
                        + "\(subject.classCount) as \(subject.model) has"
                )
            }
            guard facts.extents == subject.extents else {
                throw DetectorFault.invalid(
                    "members[\(index)]: found \(member) with rows of \(facts.extents), expected "
                        + "\(subject.extents) as \(subject.model) takes"
                )
            }
        }
    }

    public mutating func plan(_ planner: Planner) throws {
        served = try planner.want(Planner.logProbabilities)
        answers = try members.map { try planner.want(Planner.logProbabilities, ofRunning: $0) }
        for component in Disagreement.Component.allCases { try planner.component(component.rawValue) }
    }

    public func score(_ evidence: Evidence, into components: inout MutableSpan<Double>) throws {
        guard let served, components.count == Disagreement.Component.allCases.count else {
            throw DetectorFault.failed("scored before planning, or \(components.count) components expected")
        }
        let own = try distribution(evidence[served])
        let others = try answers.map { try distribution(evidence[$0]) }
        guard others.allSatisfy({ $0.logarithms.count == own.logarithms.count }) else {
            throw DetectorFault.failed("a member's classes are not as many as the served model's")
        }
        let disagreement = Disagreement(served: own, members: others)
        for (index, component) in Disagreement.Component.allCases.enumerated() {
            components[index] = disagreement[component]
        }
    }

    private func distribution(_ tensor: TensorView) throws -> ClassDistribution {
        try tensor.withElements { try ClassDistribution(logProbabilities: $0) }
    }
}
