import PicketTensor

/// The plan of a graph inside a node, which runs in memory of the plan around it.
struct InnerPlan {
    let plan: Plan
    /// Whether an input is known beforehand, so that nothing is to be copied.
    let isKnown: [Bool]

    /// Bytes that go from a value of one plan to one of another.
    struct Transfer: Sendable {
        let source: Address
        let target: Address
        let byteCount: Int

        func copy(from: ExecutionSpace, to: ExecutionSpace) {
            target.mutable(to).copyMemory(from: source.raw(from), byteCount: byteCount)
        }
    }

    /// What brings the inputs in, given the values of the outer graph that they are.
    func loads(_ values: [ValueID], _ resolver: PlanBuilder.Resolver) throws(OperatorFault) -> [Transfer] {
        var transfers: [Transfer] = []
        for (index, port) in plan.inputs.enumerated() where !isKnown[index] {
            let source = try resolver.address(values[index])
            transfers.append(Transfer(source: source, target: port.address, byteCount: port.byteCount))
        }
        return transfers
    }

    /// What takes the results out.
    func stores(_ results: [ValueID?], _ resolver: PlanBuilder.Resolver) throws(OperatorFault) -> [Transfer] {
        var transfers: [Transfer] = []
        for (port, result) in zip(plan.outputs, results) {
            guard let result else { continue }
            let target = try resolver.address(result)
            transfers.append(Transfer(source: port.address, target: target, byteCount: port.byteCount))
        }
        return transfers
    }
}

extension PlanBuilder {
    /// A plan for a graph inside the node that is being lowered.
    ///
    /// Its packed weights are its own: what is known inside may follow from this plan's shapes.
    func innerPlan(
        _ subgraph: Subgraph,
        specialisation: Specialisation,
        facts: [OperandFact]
    ) throws(OperatorFault) -> InnerPlan {
        let bytes = subgraph.graph.constants.values.reduce(0) { $0 + $1.byteCount }
        let known = facts.reduce(0) { $0 + ($1.constant?.byteCount ?? 0) }
        let store = WeightStore(constantBytes: bytes + known)
        var inner = PlanBuilder(
            specialisation,
            kernels: kernels,
            weights: store,
            ownWeights: store,
            limits: limits
        )
        do {
            let plan = try inner.build()
            return InnerPlan(plan: plan, isKnown: facts.map { $0.constant != nil })
        } catch {
            throw OperatorFault("inside: \(error)")
        }
    }
}

extension Plan {
    /// Runs all steps on this thread, in memory that holds the inputs.
    func run(in space: ExecutionSpace) throws(OperatorFault) {
        for step in steps {
            do throws(OperatorFault) {
                try step.body(space, 0..<step.units)
            } catch {
                throw OperatorFault(
                    "inside: node \(step.node.quotedForMessage) (\(step.operatorName)): \(error.reason)"
                )
            }
        }
    }
}
