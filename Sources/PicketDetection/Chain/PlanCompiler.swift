/// Decides what is stored, what is rendered straight into a pass, and in which stage everything happens.
struct PlanCompiler {
    let nodes: [ChainNode]
    let served: Int
    let models: [String: ModelFacts]

    private(set) var isNeeded: [Bool]
    private(set) var places: [ChainPlan.Place]
    private(set) var derivations: [ChainPlan.Derivation?]
    private(set) var slots: [Int] = []
    private(set) var stages: [ChainPlan.Stage] = []
    private(set) var servedStage = 0
    private(set) var closing: [Int] = []
    /// By node: whether it is a layer, or a variant of one, which are made while the pass runs.
    private var isTaken: [Bool]

    init(nodes: [ChainNode], served: Int, models: [String: ModelFacts]) {
        self.nodes = nodes
        self.served = served
        self.models = models
        isNeeded = Array(repeating: false, count: nodes.count)
        isTaken = isNeeded
        places = Array(repeating: .none, count: nodes.count)
        derivations = Array(repeating: nil, count: nodes.count)
    }

    /// Marks what leads to the given nodes; whatever else detectors planned costs nothing.
    mutating func markNeeded(_ roots: [Int]) {
        for root in roots { isNeeded[root] = true }
        // Sources come before what is made from them.
        for node in nodes.indices.reversed() where isNeeded[node] {
            isNeeded[nodes[node].source] = true
        }
    }

    /// Stores the variants that more than one reader needs (or score itself), and probabilities; leaves the others to be
    /// rendered into the one pass that reads them, so that many copies never lie in memory at once. A layer is kept only
    /// where its own numbers are needed; its variants are always, and made from the model's memory while it is there.
    mutating func chooseStored(wanted: Set<Int>) {
        var readers = Array(repeating: 0, count: nodes.count)
        var isSourceOfVariant = Array(repeating: false, count: nodes.count)
        var isSourceOfRun = isSourceOfVariant
        for node in nodes.indices where isNeeded[node] && node != ChainGraph.input {
            readers[nodes[node].source] += 1
            if case .variant = nodes[node].kind { isSourceOfVariant[nodes[node].source] = true }
            if case .run = nodes[node].kind { isSourceOfRun[nodes[node].source] = true }
        }
        for node in nodes.indices where isNeeded[node] {
            switch nodes[node].kind {
            case .input:
                places[node] = .input
            case .variant:
                if case .tensor(.layer) = nodes[nodes[node].source].kind { isTaken[node] = true }
                let isStored = wanted.contains(node) || readers[node] > 1 || isSourceOfVariant[node] || isTaken[node]
                places[node] = isStored ? store(node) : .fill
            case .tensor(.layer):
                isTaken[node] = true
                if wanted.contains(node) || isSourceOfRun[node] { places[node] = store(node) }
            case .run, .tensor(.output):
                break
            case .tensor(.probabilities), .tensor(.logProbabilities):
                places[node] = store(node)
            }
        }
    }

    private mutating func store(_ node: Int) -> ChainPlan.Place {
        slots.append(node)
        return .slot(slots.count - 1)
    }

    /// Lays stages out, and gives each tensor of a run its place.
    mutating func layOut() {
        let schedule = PassSchedule(nodes: nodes, isNeeded: isNeeded)
        for stage in 0..<schedule.count {
            let passes = passes(of: schedule.runs(of: stage))
            stages.append(ChainPlan.Stage(waves: waves(ofStage: stage, schedule), passes: passes))
        }
        servedStage = schedule.stages[served]
        closing = slots.filter { schedule.stages[$0] >= schedule.count && !isTaken[$0] }.sorted()
        for (stage, content) in stages.enumerated() {
            for (pass, planned) in content.passes.enumerated() {
                placeTensors(of: planned, stage: stage, pass: pass)
            }
        }
    }

    private func passes(of runs: [Int]) -> [ChainPlan.PlannedPass] {
        var passes: [ChainPlan.PlannedPass] = []
        // The served model's run on the row comes first, so that its outputs are the first rows of its stage's first pass.
        for run in runs.filter({ $0 == served }) + runs.filter({ $0 != served }) {
            guard case .run(let model) = nodes[run].kind else { continue }
            if let known = passes.firstIndex(where: { $0.model == model }) {
                passes[known].runs.append(run)
            } else {
                passes.append(ChainPlan.PlannedPass(model: model, runs: [run], tensors: []))
            }
        }
        for index in passes.indices {
            for node in nodes.indices where isNeeded[node] && passes[index].runs.contains(nodes[node].source) {
                guard let name = outputName(of: node, model: passes[index].model) else { continue }
                if !passes[index].tensors.contains(name) { passes[index].tensors.append(name) }
            }
            addLayers(to: &passes[index])
        }
        return passes
    }

    private func addLayers(to pass: inout ChainPlan.PlannedPass) {
        let layers = nodes.indices.filter { node in
            guard case .tensor(.layer) = nodes[node].kind else { return false }
            return isNeeded[node] && pass.runs.contains(nodes[node].source)
        }
        for node in layers {
            guard case .tensor(.layer(let name)) = nodes[node].kind, !pass.layers.contains(name) else { continue }
            pass.layers.append(name)
        }
        pass.takings = Array(repeating: Array(repeating: nil, count: pass.layers.count), count: pass.runs.count)
        for node in layers {
            guard case .tensor(.layer(let name)) = nodes[node].kind,
                let run = pass.runs.firstIndex(of: nodes[node].source),
                let layer = pass.layers.firstIndex(of: name)
            else { continue }
            let variants = nodes.indices.filter { isTaken[$0] && nodes[$0].source == node && $0 != node }
            pass.takings[run][layer] = ChainPlan.Taking(
                kept: places[node] == .none ? nil : node,
                variants: variants
            )
        }
    }

    private func outputName(of node: Int, model: String) -> String? {
        switch nodes[node].kind {
        case .tensor(.output(let name)): name
        case .tensor(.probabilities), .tensor(.logProbabilities): models[model]?.primaryOutput
        case .input, .variant, .run, .tensor(.layer): nil
        }
    }

    private mutating func placeTensors(of pass: ChainPlan.PlannedPass, stage: Int, pass index: Int) {
        for node in nodes.indices where isNeeded[node] {
            guard let name = outputName(of: node, model: pass.model),
                let run = pass.runs.firstIndex(of: nodes[node].source),
                let tensor = pass.tensors.firstIndex(of: name)
            else { continue }
            let place = ChainPlan.Place.output(stage: stage, pass: index, tensor: tensor, run: run)
            if case .tensor(.output) = nodes[node].kind {
                places[node] = place
            } else {
                derivations[node] = ChainPlan.Derivation(
                    origin: place,
                    kind: models[pass.model]?.outputKind ?? .logits,
                    isLogarithm: nodes[node].kind == .tensor(.logProbabilities)
                )
            }
        }
    }

    private func waves(ofStage stage: Int, _ schedule: PassSchedule) -> [[Int]] {
        var depths: [Int: Int] = [:]
        var waves: [[Int]] = []
        for node in slots.sorted() where schedule.stages[node] == stage && !isTaken[node] {
            let depth = (depths[nodes[node].source] ?? -1) + 1
            depths[node] = depth
            if depth == waves.count { waves.append([]) }
            waves[depth].append(node)
        }
        return waves
    }

    /// The variants and runs that lead to the given nodes, and these nodes themselves.
    func ancestors(of wants: [Int]) -> [Int] {
        var isAncestor = Array(repeating: false, count: nodes.count)
        for want in wants { isAncestor[want] = true }
        for node in nodes.indices.reversed() where isAncestor[node] {
            isAncestor[nodes[node].source] = true
        }
        return nodes.indices.filter { isAncestor[$0] }
    }
}
