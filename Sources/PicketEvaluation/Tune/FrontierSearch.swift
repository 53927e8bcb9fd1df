import PicketConfiguration
import PicketDetection

/// The best choices for growing budgets, and what they are worth against attacks that they did not see.
struct FrontierSearch {
    /// Budgets that everybody wants to know of.
    private static let budgets = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]
    /// Beginnings that a search follows; one where attacks are left out, which repeats it for each.
    private static let width = 3

    private let candidates: TunePool
    private let data: TuneData
    private let policy: PicketConfiguration.Chain

    init(_ candidates: TunePool, _ data: TuneData, _ policy: PicketConfiguration.Chain) {
        self.candidates = candidates
        self.data = data
        self.policy = policy
    }

    func report(
        _ request: TuneRequest,
        progress: @escaping @Sendable (TuneProgress) -> Void
    ) async throws -> TuneReport {
        let pool = candidates.pool
        let meter = ChoiceMeter(
            pool,
            data: data,
            components: candidates.components,
            weights: pool.variants.map { weight(of: candidates.entryNames[$0.entry]) },
            rate: policy.falsePositiveRate,
            method: policy.joint
        )
        let search = ForwardSearch(pool) { choices in
            await FrontierSearch.figures(of: choices, meter)
        } cost: { [candidates] choice in
            candidates.passes(of: choice) ?? .max
        }
        let configured = pool.configured
        let whole = search.passes(of: configured)
        let budgets = Set(Self.budgets.filter { $0 < whole } + [request.passes, whole]).sorted()
        var frontier: [TuneReport.Choice] = []
        var choices: [Int: Set<Int>] = [:]
        for (index, budget) in budgets.enumerated() {
            progress(TuneProgress(step: .searching, done: index, total: budgets.count))
            guard let choice = await choice(within: budget, search) else { continue }
            frontier.append(await entry(of: choice, budget: budget, search))
            choices[budget] = choice
        }
        guard let chosen = frontier.first(where: { $0.budget == request.passes }),
            let choice = choices[request.passes]
        else {
            throw DataSetFault("a budget of \(request.passes) passes: expected what the cheapest candidate takes")
        }
        var parts: [TuneReport.Part] = []
        for (index, candidate) in pool.candidates.enumerated() {
            let figures = await search.figures(of: [index])
            parts.append(
                TuneReport.Part(
                    name: candidate.name,
                    passes: search.passes(of: [index]),
                    components: candidate.components,
                    detection: figures.mean(over: counted)
                )
            )
        }
        return TuneReport(
            model: policy.model,
            falsePositiveRate: policy.falsePositiveRate,
            confidence: policy.confidence,
            method: policy.joint.rawValue,
            budget: request.passes,
            clean: 0,
            fitted: 0,
            failed: 0,
            sets: [],
            pool: parts,
            poolPasses: candidates.passes(of: Set(pool.candidates.indices)) ?? whole,
            configured: await figures(of: configured, budget: whole, search),
            frontier: frontier,
            chosen: chosen,
            detectors: pool.detectors(of: choice).map { detector in
                let variant = pool.variants[detector.variant]
                return TuneReport.Detector(
                    plugin: variant.plugin,
                    name: candidates.entryNames[variant.entry],
                    weight: weight(of: candidates.entryNames[variant.entry]),
                    config: detector.settings
                )
            },
            verified: nil,
            notVerified: nil
        )
    }

    /// What a detector's evidence counts in the configured chain.
    private func weight(of detector: String) -> Double {
        policy.detectors.first { $0.name == detector }?.weight ?? 1
    }

    /// Sets with a successful example.
    private var counted: [Int] { data.sets.indices.filter { !data.sets[$0].rows.isEmpty } }

    /// Grown from nothing, or left of everything where that is better by more than chance.
    private func choice(within budget: Int, _ search: ForwardSearch) async -> Set<Int>? {
        let grown = await search.best(passes: budget, over: counted, width: Self.width)
        let reduced = await search.reduced(candidates.pool.configured, passes: budget, over: counted)
        guard let grown, let reduced else { return grown ?? reduced }
        let gain =
            await search.figures(of: reduced).mean(over: counted)
            - search.figures(of: grown).mean(over: counted)
        return gain > ForwardSearch.smallestGain ? reduced : grown
    }

    private func entry(of choice: Set<Int>, budget: Int, _ search: ForwardSearch) async -> TuneReport.Choice {
        var entry = await figures(of: choice, budget: budget, search)
        let attacks = Dictionary(grouping: counted) { data.sets[$0].attack }.sorted { $0.key < $1.key }
        guard attacks.count > 1 else { return entry }
        var sum = 0.0
        for (attack, members) in attacks {
            let others = counted.filter { !members.contains($0) }
            guard let without = await search.best(passes: budget, over: others, width: 1) else { continue }
            let reached = await search.figures(of: without).mean(over: members)
            entry.leftOutAttacks.append(TuneReport.LeftOut(attack: attack, detection: reached))
            sum += reached * Double(members.count)
        }
        entry.leftOut = sum / Double(counted.count)
        return entry
    }

    private func figures(of choice: Set<Int>, budget: Int, _ search: ForwardSearch) async -> TuneReport.Choice {
        let figures = await search.figures(of: choice)
        let worst = counted.min { figures.detection[$0] < figures.detection[$1] } ?? 0
        return TuneReport.Choice(
            budget: budget,
            passes: search.passes(of: choice),
            detection: figures.mean(over: counted),
            worstFile: data.sets[worst].file,
            worstDetection: figures.detection[worst],
            leftOut: nil,
            leftOutAttacks: [],
            falsePositiveRate: figures.falsePositiveRate,
            sets: figures.detection,
            parts: choice.sorted().map { candidates.pool.candidates[$0].name }
        )
    }

    /// Measures choices side by side.
    private static func figures(of choices: [Set<Int>], _ meter: ChoiceMeter) async -> [ChoiceFigures] {
        await withTaskGroup(of: (Int, ChoiceFigures).self) { group in
            for (index, choice) in choices.enumerated() { group.addTask { (index, meter.measure(choice)) } }
            var found: [Int: ChoiceFigures] = [:]
            for await (index, figures) in group { found[index] = figures }
            return found.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
