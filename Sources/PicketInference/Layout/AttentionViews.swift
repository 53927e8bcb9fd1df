import PicketTensor

/// Which values around attentions need no memory of their own.
///
/// Exporters cut one product into queries, keys and values by reshaping, transposing and splitting it, and turn the heads of
/// the result back. What only attentions read is read through strides in the memory of the value that it was cut from, and
/// a result that is only transposed is written where the transposition wants it.
struct AttentionViews: Sendable {
    /// How often views are looked for anew without those that turned out to have no even strides.
    private static let rounds = 8

    /// Values that lie in another's memory.
    private(set) var views: [ValueID: StridedView] = [:]
    /// Nodes that have nothing to do, by position.
    private(set) var idle: Set<Int> = []

    init(_ specialisation: Specialisation) {
        let graph = specialisation.graph
        guard graph.nodes.contains(where: { $0.operation is Attention }) else { return }
        var search = Search(specialisation)
        for _ in 0..<Self.rounds {
            let (views, idle, failed) = search.views()
            if failed.isEmpty {
                self.views = views
                self.idle = idle
                land(search, specialisation)
                return
            }
            search.barred.formUnion(failed)
        }
    }

    /// Has attentions write where the transposition behind them wants it.
    private mutating func land(_ search: Search, _ specialisation: Specialisation) {
        let graph = specialisation.graph
        for node in graph.nodes where node.operation is Attention {
            guard let result = node.outputs.first ?? nil, !search.seen.contains(result),
                let readers = search.consumers[result], readers.count == 1, let reader = readers.first,
                let transpose = graph.nodes[reader].operation as? Transpose,
                let target = graph.nodes[reader].outputs.first ?? nil, views[target] == nil,
                !graph.layers.contains(target), let shape = specialisation[target]?.shape,
                let order = try? transpose.order(shape.rank), order.last == shape.rank - 1
            else { continue }
            views[result] = .untransposed(target, shape, order)
            idle.insert(reader)
        }
    }

    private struct Search {
        let specialisation: Specialisation
        /// The nodes that read each value when a plan runs.
        let consumers: [ValueID: [Int]]
        /// What is read from outside.
        let seen: Set<ValueID>
        /// What must have memory of its own.
        var barred: Set<ValueID> = []

        init(_ specialisation: Specialisation) {
            self.specialisation = specialisation
            // What follows from shapes alone reads no memory.
            let nodes = specialisation.graph.nodes
            consumers = specialisation.graph.consumers.mapValues { readers in
                readers.filter { reader in
                    !nodes[reader].outputs.allSatisfy { $0.map { specialisation[$0]?.constant != nil } ?? true }
                }
            }
            seen = Set(specialisation.graph.outputs + specialisation.graph.layers)
        }

        /// The values that only attentions read, through movements or at once, so that they may be views.
        private func wanted() -> Set<ValueID> {
            let nodes = specialisation.graph.nodes
            var wanted: Set<ValueID> = []
            for node in nodes.reversed() where node.operation is any ViewOperator {
                for case let output? in node.outputs {
                    guard !seen.contains(output), !barred.contains(output), let fact = specialisation[output],
                        fact.elementType == .float32, fact.constant == nil, let readers = consumers[output]
                    else { continue }
                    let isWanted = readers.allSatisfy { reader in
                        let node = nodes[reader]
                        let positions = node.inputs.indices.filter { node.inputs[$0] == output }
                        if node.operation is Attention { return positions.allSatisfy { $0 < Attention.factors } }
                        return node.operation is any ViewOperator && positions == [0]
                            && node.outputs.allSatisfy { $0.map(wanted.contains) ?? true }
                    }
                    if isWanted { wanted.insert(output) }
                }
            }
            return wanted
        }

        /// The views, the nodes that they leave idle, and the values that would have no even strides.
        func views() -> (views: [ValueID: StridedView], idle: Set<Int>, failed: Set<ValueID>) {
            let wanted = wanted()
            var views: [ValueID: StridedView] = [:]
            var idle: Set<Int> = []
            var failed: Set<ValueID> = []
            for (index, node) in specialisation.graph.nodes.enumerated() {
                let outputs = node.outputs.compactMap { $0 }
                if node.operation is Attention {
                    for case let operand? in node.inputs.prefix(Attention.factors) {
                        if let view = views[operand], MatrixStack(view) == nil { failed.insert(operand) }
                    }
                }
                guard let moving = node.operation as? any ViewOperator, !outputs.isEmpty,
                    outputs.allSatisfy(wanted.contains), let operand = node.inputs.first ?? nil,
                    let fact = specialisation[operand]
                else { continue }
                let base = views[operand] ?? StridedView(of: operand, fact.shape)
                let operands = specialisation.operands(of: node)
                guard let results = try? moving.infer(operands),
                    let made = try? moving.views(of: base, operands, results), made.count >= node.outputs.count
                else {
                    failed.formUnion(outputs)
                    continue
                }
                for (output, view) in zip(node.outputs, made) {
                    if let output { views[output] = view }
                }
                idle.insert(index)
            }
            return (views, idle, failed)
        }
    }
}
