/// Finds good choices of candidates for budgets of passes: grows them one candidate at a time from several beginnings, and
/// prunes what turned out needless. What was measured once is kept, for all budgets and for all attacks left out.
package final class ForwardSearch {
    /// Less than this is no gain: it is within what another cut of the clean rows moves.
    package static let smallestGain = 0.003

    private let pool: CandidatePool
    private let measure: ([Set<Int>]) async -> [ChoiceFigures]
    private let cost: (Set<Int>) -> Int
    private var figures: [Set<Int>: ChoiceFigures] = [:]
    private var costs: [Set<Int>: Int] = [:]

    /// - Parameters:
    ///   - measure: figures of some choices, in order.
    ///   - cost: passes of a choice.
    package init(
        _ pool: CandidatePool,
        measure: @escaping ([Set<Int>]) async -> [ChoiceFigures],
        cost: @escaping (Set<Int>) -> Int
    ) {
        self.pool = pool
        self.measure = measure
        self.cost = cost
    }

    /// The passes of a choice.
    package func passes(of choice: Set<Int>) -> Int {
        if let known = costs[choice] { return known }
        let found = cost(choice)
        costs[choice] = found
        return found
    }

    /// What a choice reaches.
    package func figures(of choice: Set<Int>) async -> ChoiceFigures {
        await measureUnknown([choice])
        return figures[choice] ?? ChoiceFigures(detection: [], falsePositiveRate: 0)
    }

    /// The best choice within a budget, by the mean over some sets; nil where no candidate is so cheap.
    ///
    /// - Parameter width: how many beginnings are followed.
    package func best(passes budget: Int, over sets: [Int], width: Int) async -> Set<Int>? {
        var beams: [Set<Int>] = [[]]
        var best: (choice: Set<Int>, value: Double)?
        while true {
            var grown: Set<Set<Int>> = []
            for beam in beams {
                for candidate in pool.candidates.indices
                where !beam.contains(candidate) && pool.allows(candidate, beside: beam) {
                    let choice = beam.union([candidate])
                    if passes(of: choice) <= budget { grown.insert(choice) }
                }
            }
            await measureUnknown(Array(grown))
            let ranked = grown.map { ($0, value(of: $0, over: sets)) }.sorted { left, right in
                // Equal values: the cheaper, then the one that comes first in the pool.
                if left.1 != right.1 { return left.1 > right.1 }
                let (leftCost, rightCost) = (passes(of: left.0), passes(of: right.0))
                if leftCost != rightCost { return leftCost < rightCost }
                return left.0.sorted().lexicographicallyPrecedes(right.0.sorted())
            }
            guard let first = ranked.first, first.1 > (best?.value ?? -1) + Self.smallestGain else { break }
            best = first
            beams = ranked.prefix(width).map(\.0)
        }
        guard let best else { return nil }
        return await pruned(best.choice, value: best.value, over: sets)
    }

    /// The best choice within a budget that is left of a larger one when its least useful parts go; nil where none is.
    package func reduced(_ whole: Set<Int>, passes budget: Int, over sets: [Int]) async -> Set<Int>? {
        var current = whole
        while passes(of: current) > budget {
            let smaller = current.sorted().map { current.subtracting([$0]) }.filter { !$0.isEmpty }
            await measureUnknown(smaller)
            // Only what saves passes brings the budget nearer; parts that share theirs with others go together at last.
            let saving = smaller.filter { passes(of: $0) < passes(of: current) }
            guard let next = best(of: saving.isEmpty ? smaller : saving, over: sets) else { return nil }
            current = next
        }
        await measureUnknown([current])
        return await pruned(current, value: value(of: current, over: sets), over: sets)
    }

    /// The first choice of the highest value.
    package func best(of choices: [Set<Int>], over sets: [Int]) -> Set<Int>? {
        var found: Set<Int>?
        for choice in choices where found.map({ value(of: choice, over: sets) > value(of: $0, over: sets) }) ?? true {
            found = choice
        }
        return found
    }

    /// Takes away candidates that the others made needless, the last ones of the pool first.
    private func pruned(_ choice: Set<Int>, value: Double, over sets: [Int]) async -> Set<Int> {
        var current = choice
        var reached = value
        var isPruned = true
        while isPruned, current.count > 1 {
            isPruned = false
            let smaller = current.sorted(by: >).map { current.subtracting([$0]) }
            await measureUnknown(smaller)
            if let next = best(of: smaller, over: sets),
                self.value(of: next, over: sets) >= reached - Self.smallestGain / 10
            {
                reached = max(self.value(of: next, over: sets), reached)
                current = next
                isPruned = true
            }
        }
        return current
    }

    private func value(of choice: Set<Int>, over sets: [Int]) -> Double {
        figures[choice]?.mean(over: sets) ?? 0
    }

    private func measureUnknown(_ choices: [Set<Int>]) async {
        let unknown = choices.filter { figures[$0] == nil }.sorted {
            $0.sorted().lexicographicallyPrecedes($1.sorted())
        }
        guard !unknown.isEmpty else { return }
        for (choice, found) in zip(unknown, await measure(unknown)) { figures[choice] = found }
    }
}
