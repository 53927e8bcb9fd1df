/// In which stage each node is made.
///
/// Every node is made as early as its source allows, but for runs that wait for a later run of their model where nobody waits
/// for them: then one pass does for both, the model's weights come into the caches once, and its batch is fuller. A plan
/// never has more stages for it.
struct PassSchedule {
    /// By node: the stage that runs it, or before whose passes it is stored. What the last stage's runs give lies in
    /// the one behind it.
    private(set) var stages: [Int]
    /// Stages that have passes.
    let count: Int

    private let nodes: [ChainNode]
    private let runs: [Int]

    /// - Parameter isNeeded: by node, whether anything comes of it; no run waits for one that nobody needs.
    init(nodes: [ChainNode], isNeeded: [Bool]) {
        self.nodes = nodes
        stages = nodes.map(\.level)
        runs = nodes.indices.filter { isNeeded[$0] && nodes[$0].model != nil }
        count = 1 + (runs.map { nodes[$0].level }.max() ?? 0)
        for stage in 0..<count { delayRuns(of: stage) }
    }

    /// The runs of a stage.
    func runs(of stage: Int) -> [Int] { runs.filter { stages[$0] == stage } }

    private mutating func delayRuns(of stage: Int) {
        var models: [String] = []
        for run in runs(of: stage) {
            if let model = nodes[run].model, !models.contains(model) { models.append(model) }
        }
        for model in models {
            let all = runs.filter { nodes[$0].model == model }
            let early = all.filter { stages[$0] == stage }
            // A part of them would still need a pass of its own in this stage.
            guard let later = all.map({ stages[$0] }).filter({ $0 > stage }).min(),
                early.allSatisfy({ canWait($0, until: later) })
            else { continue }
            for run in early { delay(run, to: later) }
        }
    }

    /// Whether every run that needs this one's tensors comes after that stage.
    private func canWait(_ run: Int, until stage: Int) -> Bool {
        runs.allSatisfy { $0 == run || stages[$0] > stage || !descends($0, from: run) }
    }

    private mutating func delay(_ run: Int, to stage: Int) {
        stages[run] = stage
        // Sources come before what is made from them.
        for node in nodes.indices where node > run && nodes[node].model == nil && descends(node, from: run) {
            let source = nodes[node].source
            stages[node] = stages[source] + (nodes[source].model == nil ? 0 : 1)
        }
    }

    private func descends(_ node: Int, from ancestor: Int) -> Bool {
        var node = node
        while node > ancestor { node = nodes[node].source }
        return node == ancestor
    }
}

extension ChainNode {
    /// The model of a run; nil for other nodes.
    fileprivate var model: String? {
        if case .run(let model) = kind { model } else { nil }
    }
}
