import PicketTransforms

/// How far the members of an ensemble are from the served model, for one row.
struct Disagreement {
    /// The components, in the order of their declaration; higher = more suspicious.
    enum Component: String, CaseIterable {
        case jensenShannon = "jensen-shannon"
        case vote
        case membersMargin = "members-margin"
    }

    private let jensenShannon: Double
    private let vote: Double
    private let membersMargin: Double

    /// - Precondition: there is one member at least, all over the served model's classes.
    init(served: ClassDistribution, members: [ClassDistribution]) {
        precondition(!members.isEmpty, "an ensemble has a member")
        let label = served.label
        jensenShannon = ClassDistribution.jensenShannon([served] + members)
        vote = Double(members.count { $0.label != label }) / Double(members.count)
        membersMargin = -ClassDistribution.mean(of: members).margin(of: label)
    }

    subscript(component: Component) -> Double {
        switch component {
        case .jensenShannon: jensenShannon
        case .vote: vote
        case .membersMargin: membersMargin
        }
    }
}
