import PicketTensor

// How a plan is made of the steps.
extension PlanBuilder {
    /// Lowers all nodes whose results are not known beforehand, and places the memory.
    mutating func build() throws(NodeFault) -> Plan {
        let graph = specialisation.graph
        let layers = Set(graph.layers)
        for input in graph.inputs { newBuffer(for: input, .plain, at: -1) }
        for (index, node) in graph.nodes.enumerated() {
            let results = node.outputs.map { $0.flatMap { specialisation[$0] } }
            if results.allSatisfy({ $0 == nil || $0?.constant != nil }) || attention.idle.contains(index) { continue }
            do {
                try lower(node, at: index)
            } catch {
                throw node.fault(error)
            }
            // Before the next node's steps, which may write over it.
            for case let output? in node.outputs where layers.contains(output) {
                tapped.append((output, pending.count, turn(output)))
            }
        }
        currentIndex = graph.nodes.count
        for output in graph.outputs {
            do { try bring(output, to: .plain) } catch {
                throw NodeFault(node: graph[output].name, operatorName: "output", reason: error.reason)
            }
        }
        return try finish(graph)
    }

    private mutating func lower(_ node: Node, at index: Int) throws(OperatorFault) {
        currentIndex = index
        let lowered = LoweredNode(
            node: node,
            operands: specialisation.operands(of: node),
            results: try specialisation.results(of: node)
        )
        current = lowered
        let lying = node.inputs.map { $0.map { layout(of: $0) } ?? .plain }
        let pictures = node.operation as? any PictureOperator
        let choice = try pictures?.choice(lowered, lying: lying)
        for (position, input) in node.inputs.enumerated() {
            guard let input else { continue }
            try bring(attention.views[input]?.root ?? input, to: choice?.operands[position] ?? .plain)
        }
        if let pictures, let choice {
            try pictures.lowerPictures(lowered, choice, into: &self)
        } else {
            try node.operation.lower(lowered, into: &self)
        }
        let made = choice?.result ?? .plain
        for case let output? in node.outputs {
            let output = attention.views[output]?.root ?? output
            if constants.buffers[output] == nil, !hasMemory(output) { newBuffer(for: output, made, at: index) }
        }
        noteTraffic(of: node)
        current = nil
    }

    private mutating func finish(_ graph: Graph) throws(NodeFault) -> Plan {
        let layout = MemoryPlanner.place(requests)
        let bytes = max(layout.byteCount, scratchBytes)
        guard bytes <= limits.passBytes else {
            throw NodeFault(
                node: "plan",
                operatorName: "memory",
                reason: "needs \(bytes) bytes at once, expected at most \(limits.passBytes)"
            )
        }
        var outputs: [Plan.Port] = []
        var steps: [Step] = []
        do {
            let resolver = Resolver(builder: self, offsets: layout.offsets)
            for output in graph.outputs { outputs.append(try port(output, resolver)) }
            let inputs = try graph.inputs.map { id throws(OperatorFault) in try port(id, resolver) }
            for step in pending {
                steps.append(try made(step, resolver))
            }
            let taps = try tapped.map { tap throws(OperatorFault) in
                guard let turn = tap.turn else {
                    return Plan.Tap(port: try port(tap.layer, resolver), step: tap.steps, turn: nil)
                }
                let address = resolver.address(turn.target)
                return Plan.Tap(
                    port: try port(tap.layer, at: address),
                    step: tap.steps,
                    turn: try made(turn.step, resolver)
                )
            }
            return Plan(
                inputs: inputs,
                outputs: outputs,
                steps: steps,
                taps: taps,
                arenaBytes: layout.byteCount,
                scratchBytes: scratchBytes,
                traffic: traffic,
                constants: packed + Array(constants.buffers.values)
            )
        } catch {
            throw NodeFault(node: "plan", operatorName: "memory", reason: error.reason)
        }
    }

    private func made(_ step: Pending, _ resolver: Resolver) throws(OperatorFault) -> Step {
        Step(
            node: step.node,
            operatorName: step.operatorName,
            units: step.units,
            cost: step.cost,
            body: try step.body(resolver)
        )
    }

    private func port(_ id: ValueID, _ resolver: Resolver) throws(OperatorFault) -> Plan.Port {
        try port(id, at: resolver.address(id))
    }

    private func port(_ id: ValueID, at address: Address) throws(OperatorFault) -> Plan.Port {
        guard let fact = specialisation[id]?.fact else { throw OperatorFault("value \(id) has no shape") }
        return Plan.Port(name: specialisation.graph[id].name, fact: fact, address: address)
    }

    /// A constant's memory, made when first asked for; nil where the value is not known beforehand.
    func constantBuffer(_ id: ValueID) throws(OperatorFault) -> AlignedBuffer? {
        if let buffer = constants.buffers[id] { return buffer }
        guard let constant = specialisation[id]?.constant else { return nil }
        let make = { () throws(OperatorFault) -> AlignedBuffer in Self.copy(constant) }
        // What shape arithmetic made differs from plan to plan, so only the graph's own constants are shared.
        let shared = specialisation.graph.constants[id] != nil
        let buffer =
            shared
            ? try weights.buffer(.init(values: [id], layout: "plain"), byteCount: constant.byteCount, make: make)
            : try make()
        constants.buffers[id] = buffer
        return buffer
    }

    static func copy(_ constant: ConstantTensor) -> AlignedBuffer {
        let buffer = AlignedBuffer(byteCount: constant.byteCount)
        constant.withUnsafeBytes { buffer.bytes.copyMemory(from: $0) }
        return buffer
    }

    mutating func extend(_ buffer: Int, to step: Int) {
        requests[buffer].lastStep = max(requests[buffer].lastStep, step)
    }
}
