import PicketTransforms

/// What all models say to one row: their answers on the row and on squeezed rows.
struct EnsembleAnswers {
    /// The served model's answer for the row.
    let served: ClassDistribution
    /// By picture, then by model, nil where nothing needed it.
    let pictures: [[ClassDistribution?]]
    /// The mean of the members' probabilities over every picture, where it was asked for.
    private let reference: ClassDistribution?

    init(served: ClassDistribution, pictures: [[ClassDistribution?]], withReference: Bool) {
        self.served = served
        self.pictures = pictures
        let members = withReference ? pictures.flatMap { $0.dropFirst().compactMap(\.self) } : []
        reference = members.isEmpty ? nil : ClassDistribution.mean(of: members)
    }

    /// - Precondition: every answer that the statistic needs is there, all over as many classes.
    func value(of statistic: EnsembleStatistic, on picture: Int) -> Double {
        let models = pictures[picture]
        let members = models.dropFirst().compactMap(\.self)
        let label = served.label
        switch statistic {
        case .jensenShannon: return ClassDistribution.jensenShannon(models.compactMap(\.self))
        case .pair(let one, let other): return answer(one, picture).jensenShannon(with: answer(other, picture))
        case .cross: return ClassDistribution.jensenShannon([served] + members)
        case .vote: return Double(members.count { $0.label != label }) / Double(members.count)
        case .variationRatio: return EnsembleAnswers.variationRatio(models.compactMap(\.self).map(\.label))
        case .mutualInformation: return ClassDistribution.jensenShannon(members)
        case .margin: return -ClassDistribution.mean(of: members).margin(of: label)
        case .memberMargin(let member): return -answer(member, picture).margin(of: label)
        case .meanMargin: return -members.reduce(0) { $0 + $1.margin(of: label) } / Double(members.count)
        case .pooled: return ClassDistribution.jensenShannon(pictures.flatMap { $0.compactMap(\.self) })
        case .reference(let distance):
            guard let reference else { preconditionFailure("what a chosen statistic needs was asked for") }
            return distance(served, from: reference)
        }
    }

    private func answer(_ model: Int, _ picture: Int) -> ClassDistribution {
        guard let answer = pictures[picture][model] else {
            preconditionFailure("what a chosen statistic needs was planned")
        }
        return answer
    }

    private static func variationRatio(_ labels: [Int]) -> Double {
        let most = labels.reduce(0) { most, label in max(most, labels.count { $0 == label }) }
        return 1 - Double(most) / Double(labels.count)
    }
}
