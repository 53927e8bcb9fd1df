package import PicketTensor

/// ONNX If (opsets 1, 11, 13, 16, 19, 21), on tensors: one of two graphs, by a condition.
///
/// Where the condition is known, the branch alone counts. Where it is computed, both are planned and one runs, and what
/// they make must agree in types and shapes; where it does not, the shapes hang on the condition.
package struct If: ControlOperator {
    package static let signature = OperatorSignature(
        "If",
        inputs: 1...1,
        outputs: 1...64,
        attributes: ["then_branch", "else_branch"]
    )

    let thenBranch: Subgraph
    let elseBranch: Subgraph

    package init(_ node: NodeDescription) throws(OperatorFault) {
        thenBranch = try node.attributes.graph("then_branch")
        elseBranch = try node.attributes.graph("else_branch")
        for (name, branch) in [("then_branch", thenBranch), ("else_branch", elseBranch)] {
            guard branch.formals == 0 else {
                throw OperatorFault("\(name) has \(branch.formals) inputs, expected none")
            }
            guard branch.graph.outputs.count >= node.outputs.count else {
                throw OperatorFault(
                    "\(name) has \(branch.graph.outputs.count) outputs, expected \(node.outputs.count) at least"
                )
            }
        }
    }

    /// A branch and the operands that it captures: behind the condition, those of `else_branch` first.
    func branch<Operand>(_ taken: Bool, _ operands: [Operand?]) throws(OperatorFault) -> (Subgraph, [Operand]) {
        let middle = 1 + elseBranch.captures.count
        let range = taken ? middle..<middle + thenBranch.captures.count : 1..<middle
        guard operands.count >= middle + thenBranch.captures.count else {
            throw OperatorFault("\(operands.count) operands, expected those that the branches read as well")
        }
        var captured: [Operand] = []
        for index in range { captured.append(try operands.required(index)) }
        return (taken ? thenBranch : elseBranch, captured)
    }

    /// The condition, where it is known.
    func condition(_ operands: [OperandFact?]) throws(OperatorFault) -> Bool? {
        let condition = try operands.required(0)
        guard condition.elementType == .bool, condition.shape.elementCount == 1 else {
            throw OperatorFault("cond is \(condition.elementType) \(condition.shape), expected one bool")
        }
        return condition.constant.map { $0.withUnsafeBytes { $0[0] != 0 } }
    }

    func specialised(_ taken: Bool, _ operands: [OperandFact?]) throws(OperatorFault) -> Specialisation {
        let (branch, captured) = try branch(taken, operands)
        return try branch.specialised(captured)
    }

    private func facts(_ taken: Bool, _ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let inside = try specialised(taken, operands)
        return inside.graph.outputs.compactMap { inside[$0]?.fact }
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        if let taken = try condition(operands) { return try facts(taken, operands) }
        let (first, second) = (try facts(true, operands), try facts(false, operands))
        guard first == second else {
            throw OperatorFault(
                unknown: try operands.required(0),
                "whether the branches make \(first.map(\.shape)) or \(second.map(\.shape))"
            )
        }
        return first
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        guard context.axes.first ?? nil == nil else { throw OperatorFault("mixes rows: one condition for all of them") }
        let known = try condition(context.operands)
        let ways = try [true, false].filter { known == nil || known == $0 }.map { taken throws(OperatorFault) in
            let inside = try specialised(taken, context.operands)
            let middle = 1 + elseBranch.captures.count
            let captured = taken ? context.axes[middle...] : context.axes[1..<middle]
            do {
                let axes = try inside.rowAxes(rows: context.rows, from: Array(captured))
                return inside.graph.outputs.map { axes[$0.index] }
            } catch {
                throw OperatorFault("inside: \(error)")
            }
        }
        guard Set(ways).count == 1, let axes = ways.first else {
            throw OperatorFault("mixes rows: the branches lay them along different axes")
        }
        return axes
    }

    package func evaluated(_ operands: [Tensor?], work: WorkAllowance) throws(OperatorFault) -> [Tensor] {
        let condition: Tensor = try operands.required(0)
        guard let taken = try self.condition([OperandFact(ConstantTensor(condition))]) else { return [] }
        let (branch, captured) = try branch(taken, operands)
        return try branch.evaluated(captured, work: work)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let known = try condition(node.operands)
        var plans: [Bool: InnerPlan] = [:]
        for taken in [true, false] where known == nil || known == taken {
            let (branch, facts) = try branch(taken, node.operands)
            let inside = try branch.specialised(facts)
            plans[taken] = try builder.innerPlan(branch, specialisation: inside, facts: facts)
        }
        let memory = builder.temporary(byteCount: plans.values.map(\.plan.arenaBytes).max() ?? 0)
        let cost = plans.values.map(\.plan.cost).max() ?? 0
        let scratch = plans.values.map(\.plan.scratchBytes).max() ?? 0
        let inners = plans
        try builder.add(cost: cost, scratch: scratch) { resolver throws(OperatorFault) in
            let condition = try resolver.address(node.input(0))
            let place = resolver.address(memory)
            var ways: [Bool: (plan: Plan, loads: [InnerPlan.Transfer], stores: [InnerPlan.Transfer])] = [:]
            for (taken, inner) in inners {
                let (_, values) = try self.branch(taken, node.node.inputs)
                let loads = try inner.loads(values, resolver)
                ways[taken] = (inner.plan, loads, try inner.stores(node.node.outputs, resolver))
            }
            let planned = ways
            return { (space, _) throws(OperatorFault) in
                let taken = known ?? (condition.raw(space).load(as: UInt8.self) != 0)
                guard let way = planned[taken] else { preconditionFailure("the branch that is known was planned") }
                let inside = space.inner(arena: place.mutable(space))
                for load in way.loads { load.copy(from: space, to: inside) }
                try way.plan.run(in: inside)
                for store in way.stores { store.copy(from: inside, to: space) }
            }
        }
    }
}

extension ControlOperator {
    /// Elements that a graph inside may read and make when it is evaluated before a run: some hundredths of a second.
    static var allowance: Int { 1 << 20 }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        try evaluated(operands, work: WorkAllowance(Self.allowance))
    }
}
