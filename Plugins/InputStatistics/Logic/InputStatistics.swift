public import PicketPluginSDK
import PicketTransforms

/// What a picture's pixels say without any model: small patches that are unlikely among clean ones, and what denoisers find
/// to take out.
///
/// Everything is measured of the picture rounded to its 8-bit grid, whether rows are on it or not, so that nothing here
/// tells attacks by values off the grid, which no camera makes and any attacker can round away.
///
/// Components: `patches:STATISTIC`, and `DENOISER:STATISTIC` for every denoiser, see ``InputStatistic``.
public struct InputStatistics: LearningDetector {
    public static let name: StaticString = "input-statistics"
    public static let version: StaticString = "1.0.0"

    let lattice: PatchLattice
    let mixtureSize: Int
    private let denoisers: PictureVariants
    private let texture: Int
    private let isOnGrid: Bool
    private let components: ScopedComponents
    private let mixture: GaussianMixture?
    /// Says which mixture and which patches, so that detectors that learnt the same share what they find.
    private let mixtureName: String
    /// What is asked of the picture alone, then of each denoiser.
    private let asked: [StatisticSet]
    private let askedAtAll: StatisticSet
    /// nil where nothing is asked.
    private var denoised: [Wanted?] = []
    private var likelihoods: Wanted?

    public init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        guard subject.kind == .image, let shape = PictureShape(extents: subject.extents) else {
            throw DetectorFault.unsupported(
                "input-statistics measures pictures; model \(subject.model) takes tensors (kind: image declares pictures)"
            )
        }
        guard min(shape.height, shape.width) >= PatchLattice.side else {
            throw DetectorFault.unsupported(
                "input-statistics needs pictures of 3 × 3 pixels or more, rows are \(shape)"
            )
        }
        let settings = try configuration.decoded(as: Settings.self)
        let colour = settings.colour ?? (shape.channels <= 3 ? .all : .grey)
        guard colour == .grey || shape.channels <= InputStatistics.channelLimit else {
            throw DetectorFault.invalid(
                "colour: found all, expected grey for pictures of more than \(InputStatistics.channelLimit) channels"
            )
        }
        lattice = PatchLattice(shape, isGrey: colour == .grey, limit: settings.patches)
        mixtureSize = settings.mixture
        texture = settings.texture
        isOnGrid = subject.isOnByteGrid
        do {
            denoisers = try PictureVariants(settings.denoisers, of: shape)
        } catch {
            throw DetectorFault.invalid("denoisers: \(error)")
        }
        do {
            let offered = InputStatistics.offered(denoisers)
            // By measurement: every denoiser's excess alone; without denoisers, what patches say.
            let excess = offered.filter { $0.statistic == InputStatistic.excess.number }.map(\.name)
            let usual = excess.isEmpty ? ["patches:mean", "patches:textured"] : excess
            components = try ScopedComponents(choosing: settings.components ?? usual, from: offered)
        } catch {
            throw DetectorFault.invalid("components: \(error)")
        }
        var asked = [StatisticSet](repeating: StatisticSet(), count: 1 + denoisers.variants.count)
        for component in components.components {
            for place in component.places { asked[place].insert(InputStatistic.allCases[component.statistic]) }
        }
        self.asked = asked
        askedAtAll = asked.reduce(into: StatisticSet()) { $0.formUnion($1) }
        mixture = state.isEmpty ? nil : try GaussianMixture(state: state, dimension: lattice.dimension)
        mixtureName = "\(colour.rawValue)-\(settings.patches)-\(StateName.of(state))"
    }

    /// Patches of more channels have more directions than a mixture can learn from some thousand pictures.
    private static let channelLimit = 4

    /// Place 0 is the picture alone; then come the denoisers.
    private static func offered(_ denoisers: PictureVariants) -> [ScopedComponents.Component] {
        let longest = 64 - ":excess-textured".utf8.count
        let places = ["patches"] + denoisers.labels(limit: longest, otherwise: "denoiser")
        return places.enumerated().flatMap { place, label in
            (place == 0 ? InputStatistic.ofPatches : InputStatistic.ofDenoisers).map { statistic in
                ScopedComponents.Component(
                    name: "\(label):\(statistic.rawValue)",
                    group: statistic.group,
                    statistic: statistic.number,
                    places: [place]
                )
            }
        }
    }

    public mutating func plan(_ planner: Planner) throws {
        // Rows on the grid are what they round to, so that denoisers are shared with whoever else plans them.
        let rounding = PictureVariant(.bitDepth(8)).key
        let isUsed = asked.dropFirst().contains { !$0.isEmpty }
        let picture =
            isOnGrid || !isUsed
            ? Planner.Node.input : try planner.variant(key: rounding, token: InputStatistics.roundingToken)
        for (index, denoiser) in denoisers.variants.enumerated() {
            guard !asked[1 + index].isEmpty else {
                denoised.append(nil)
                continue
            }
            denoised.append(try planner.want(planner.variant(of: picture, key: denoiser.key, token: UInt64(index))))
        }
        if mixture != nil {
            let node = try planner.variant(
                key: "\(InputStatistics.name)/likelihoods:\(mixtureName)",
                token: InputStatistics.likelihoodsToken,
                extents: Extents([lattice.centres.count])
            )
            likelihoods = try planner.want(node)
        }
        for component in components.components { try planner.component(component.name) }
    }

    private static let roundingToken = UInt64.max
    private static let likelihoodsToken = UInt64.max - 1

    public func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        switch token {
        case InputStatistics.roundingToken:
            guard source.count == lattice.shape.elementCount, destination.count == source.count else {
                throw DetectorFault.failed("rounding from \(source.count) to \(destination.count) numbers")
            }
            try PictureOperation.quantise(bits: 8).apply(to: source, shape: lattice.shape, into: &destination)
        case InputStatistics.likelihoodsToken:
            guard let mixture, destination.count == lattice.centres.count else {
                throw DetectorFault.failed(
                    "likelihoods of \(destination.count) patches, expected a mixture and its lattice"
                )
            }
            let found = lattice.likelihoods(of: try GridPicture(source, shape: lattice.shape), mixture)
            for place in destination.indices { destination[place] = found[place] }
        default:
            try denoisers.render(token, source: source, bits: nil, into: &destination)
        }
    }

    public func score(_ evidence: Evidence, into room: inout MutableSpan<Double>) throws {
        guard let mixture, let likelihoods else {
            throw DetectorFault.failed("input-statistics has learnt nothing yet: calibrate the chain")
        }
        guard denoised.count == denoisers.variants.count, room.count == components.components.count else {
            throw DetectorFault.failed("scored before planning, or \(room.count) components expected")
        }
        let measurement = try evidence.input.withElements {
            try PictureMeasurement(
                $0,
                likelihoods: evidence[likelihoods].array(),
                lattice: lattice,
                threshold: texture,
                mixture: mixture,
                asked: askedAtAll
            )
        }
        // By place, then by statistic.
        var found = [Double](repeating: .nan, count: asked.count * InputStatistic.count)
        for (place, asked) in asked.enumerated() where !asked.isEmpty {
            let start = place * InputStatistic.count
            guard place > 0, let wanted = denoised[place - 1] else {
                measurement.measure(asked, into: &found, at: start)
                continue
            }
            try evidence[wanted].withElements { pixels in
                try measurement.measure(asked, denoised: pixels, into: &found, at: start)
            }
        }
        components.write(into: &room) { statistic, place in found[place * InputStatistic.count + statistic] }
    }
}
