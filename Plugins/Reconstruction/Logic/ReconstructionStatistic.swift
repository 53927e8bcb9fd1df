/// What a reconstruction tells of a row; higher = more suspicious.
enum ReconstructionStatistic: Hashable {
    /// Mean absolute difference from the row, per number.
    case l1
    /// Root mean square difference from the row.
    case l2
    /// Jensen–Shannon divergence, in nats, between the served model's answers on the row and on the reconstruction, both
    /// softened by a temperature (Meng and Chen, CCS 2017).
    case divergence(temperature: Double)
    /// Negated log-odds of the row's class against its best rival on the reconstruction.
    case margin
    /// The runner-up's shift: how far the reconstruction moves the answer from the row's class to its runner-up, in log-odds.
    case runnerUp
    /// 1 where the reconstruction is of another class, else 0.
    case label

    var name: String {
        switch self {
        case .l1: "l1"
        case .l2: "l2"
        case .divergence(let temperature): "js:t\(ReconstructionStatistic.text(temperature))"
        case .margin: "margin"
        case .runnerUp: "runner-up"
        case .label: "label"
        }
    }

    /// Whether it asks the served model about the reconstruction.
    var needsAnswers: Bool {
        switch self {
        case .l1, .l2: false
        case .divergence, .margin, .runnerUp, .label: true
        }
    }

    /// All that there are for these temperatures.
    static func all(temperatures: [Double]) -> [ReconstructionStatistic] {
        [.l1, .l2] + temperatures.map { .divergence(temperature: $0) } + [.margin, .runnerUp, .label]
    }

    private static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}
