import PicketTensor

extension Loop {
    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        guard let outlook = try outlook(node.operands) else {
            return try lowerKnown(node, into: &builder)
        }
        let inner = try builder.innerPlan(body, specialisation: outlook.inside, facts: outlook.inputs)
        let memory = builder.temporary(byteCount: inner.plan.arenaBytes)
        // What is carried lies in the results between trips, or beside them where nobody wants a result.
        let aside = (0..<carried).map { index in
            node.node.outputs.optional(index) == nil
                ? builder.temporary(byteCount: inner.plan.outputs[1 + index].byteCount) : nil
        }
        let cost = inner.plan.cost * Double(outlook.trips ?? 16)
        let scratch = inner.plan.scratchBytes
        let allowance = builder.limits.passSeconds * 1e9
        try builder.add(cost: cost, scratch: scratch) { resolver throws(OperatorFault) in
            var run = try LoopRun(self, node, inner, outlook, resolver, memory: memory, aside: aside)
            run.allowance = allowance
            let loop = run
            return { (space, _) throws(OperatorFault) in try loop(in: space) }
        }
    }

    /// A loop whose shapes change from trip to trip: everything that it reads is known, and so is what it makes.
    private func lowerKnown(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let tensors = try evaluated(known(node.operands), work: WorkAllowance(Self.allowance))
        for (tensor, output) in zip(tensors, node.node.outputs) {
            if let output { try builder.constant(ConstantTensor(tensor), for: output) }
        }
    }
}

/// A loop with every address known: runs the body's plan until the trips are made or the condition ends them.
private struct LoopRun: Sendable {
    private let plan: Plan
    private let memory: Address
    private let limit: Address?
    private let condition: Address?
    private let carried: [(initial: Address, state: Address, into: Plan.Port, from: Plan.Port)]
    private let captured: [InnerPlan.Transfer]
    private let collected: [(target: Address, from: Plan.Port)]
    private let trips: Int?
    private let tripCost: Double
    /// Nanoseconds that all trips may take, those of loops inside among them.
    var allowance = 0.0

    /// Nanoseconds around a step, and around a trip.
    private static let dispatch = 500.0

    init(
        _ loop: Loop,
        _ node: LoweredNode,
        _ inner: InnerPlan,
        _ outlook: Loop.Outlook,
        _ resolver: PlanBuilder.Resolver,
        memory: PlanBuilder.Temporary,
        aside: [PlanBuilder.Temporary?]
    ) throws(OperatorFault) {
        plan = inner.plan
        trips = outlook.trips
        // Loops inside draw on the allowance themselves.
        let steps = plan.steps.reduce(Self.dispatch) { $0 + Self.dispatch + ($1.operatorName == "Loop" ? 0 : $1.cost) }
        let copied = (plan.inputs + plan.outputs).reduce(0) { $0 + $1.byteCount }
        tripCost = steps + Double(copied) * Cost.copiedByte
        self.memory = resolver.address(memory)
        limit = try node.node.inputs.optional(0).map { id throws(OperatorFault) in try resolver.address(id) }
        condition = try node.node.inputs.optional(1).map { id throws(OperatorFault) in try resolver.address(id) }
        let count = loop.carried
        var carried: [(initial: Address, state: Address, into: Plan.Port, from: Plan.Port)] = []
        for index in 0..<count {
            let state =
                if let place = aside[index] {
                    resolver.address(place)
                } else {
                    try resolver.address(node.output(index))
                }
            let initial = try resolver.address(node.input(2 + index))
            carried.append((initial, state, plan.inputs[2 + index], plan.outputs[1 + index]))
        }
        self.carried = carried
        var captured: [InnerPlan.Transfer] = []
        for index in (2 + count)..<plan.inputs.count where !inner.isKnown[index] {
            let port = plan.inputs[index]
            let source = try resolver.address(node.input(index))
            captured.append(.init(source: source, target: port.address, byteCount: port.byteCount))
        }
        self.captured = captured
        var collected: [(target: Address, from: Plan.Port)] = []
        for index in 0..<loop.collected {
            guard let output = node.node.outputs.optional(count + index) else { continue }
            collected.append((try resolver.address(output), plan.outputs[1 + count + index]))
        }
        self.collected = collected
    }

    func callAsFunction(in space: ExecutionSpace) throws(OperatorFault) {
        if let rest = space.loops { return try run(in: space, rest) }
        var rest = allowance
        try withUnsafeMutablePointer(to: &rest) { (rest) throws(OperatorFault) in
            var space = space
            space.loops = rest
            try run(in: space, rest)
        }
    }

    private func run(in space: ExecutionSpace, _ rest: UnsafeMutablePointer<Double>) throws(OperatorFault) {
        let inside = space.inner(arena: memory.mutable(space))
        for item in carried {
            item.state.mutable(space).copyMemory(from: item.initial.raw(space), byteCount: item.into.byteCount)
        }
        let asked = trips ?? limit.map { Int($0.raw(space).loadUnaligned(as: Int64.self)) } ?? Int.max
        var goesOn = condition.map { $0.raw(space).load(as: UInt8.self) != 0 } ?? true
        var trip = 0
        while goesOn, trip < asked {
            guard trip < Loop.maximumTrips else { throw OperatorFault("more than \(Loop.maximumTrips) trips") }
            rest.pointee -= tripCost
            guard rest.pointee >= 0 else { throw OperatorFault("still runs after some \(Int(allowance / 1e9)) s") }
            // Memory of inputs serves others once they have been read, so that each trip brings them all.
            plan.inputs[0].address.mutable(inside).storeBytes(of: Int64(trip), as: Int64.self)
            for item in carried {
                item.into.address.mutable(inside).copyMemory(
                    from: item.state.raw(space),
                    byteCount: item.into.byteCount
                )
            }
            for item in captured { item.copy(from: space, to: inside) }
            try plan.run(in: inside)
            for item in carried {
                item.state.mutable(space).copyMemory(
                    from: item.from.address.raw(inside),
                    byteCount: item.from.byteCount
                )
            }
            for item in collected {
                let bytes = item.from.byteCount
                (item.target.mutable(space) + trip * bytes).copyMemory(
                    from: item.from.address.raw(inside),
                    byteCount: bytes
                )
            }
            goesOn = plan.outputs[0].address.raw(inside).load(as: UInt8.self) != 0
            trip += 1
        }
    }
}
