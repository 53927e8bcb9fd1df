/// What is measured of a picture; higher = more suspicious. Likelihoods are negative logarithms, in nats a patch.
enum InputStatistic: String, CaseIterable {
    /// Mean over all patches that are looked at.
    case mean
    /// Their 95 % quantile.
    case upper
    /// The largest.
    case maximum = "max"
    /// Mean over patches whose centre is textured. Attacks on empty background do not show here.
    case textured
    /// How much likelier patches become when the picture is denoised: mean over all patches. It asks what the picture would
    /// look like without what a denoiser removes, so that pictures with much texture are not suspicious for it.
    case excess
    /// The same over textured patches.
    case excessTextured = "excess-textured"
    /// Mean squared difference from the denoised picture where it is flat, in squared grey levels.
    case energyFlat = "energy-flat"
    /// The same where it is textured.
    case energyTextured = "energy-textured"

    /// Of the picture alone.
    static let ofPatches: [InputStatistic] = [.mean, .upper, .maximum, .textured]
    /// Of the picture and a denoised one.
    static let ofDenoisers: [InputStatistic] = [.excess, .excessTextured, .energyFlat, .energyTextured]

    /// The word of a configuration that chooses it and others.
    var group: String {
        switch self {
        case .mean, .upper, .maximum, .textured: "patches"
        case .excess, .excessTextured: "excess"
        case .energyFlat, .energyTextured: "energy"
        }
    }

    /// Its number among a detector's statistics: its place among all cases.
    var number: Int {
        switch self {
        case .mean: 0
        case .upper: 1
        case .maximum: 2
        case .textured: 3
        case .excess: 4
        case .excessTextured: 5
        case .energyFlat: 6
        case .energyTextured: 7
        }
    }

    /// How many there are.
    static let count = 8
}

/// Statistics that are asked for.
struct StatisticSet: Sendable, Hashable {
    private var bits: UInt8 = 0

    var isEmpty: Bool { bits == 0 }

    func contains(_ statistic: InputStatistic) -> Bool { bits & 1 << UInt8(statistic.number) != 0 }

    mutating func insert(_ statistic: InputStatistic) { bits |= 1 << UInt8(statistic.number) }

    mutating func formUnion(_ other: StatisticSet) { bits |= other.bits }

    /// Whether one of them asks where the picture is textured.
    var looksAtTexture: Bool {
        [.textured, .excessTextured, .energyFlat, .energyTextured].contains { contains($0) }
    }
}
