package import PicketTensor

/// An operand or result in memory, for computations that serve as reference and as lowering.
package struct OperandView {
    package let fact: ConcreteFact
    /// The elements in row-major order, aligned for their type.
    package let bytes: UnsafeRawBufferPointer

    package var shape: Shape { fact.shape }

    /// The elements; the element type has been checked by the shape rule.
    func elements<Element: TensorElement>(_ type: Element.Type) -> UnsafeBufferPointer<Element> {
        bytes.assumingMemoryBound(to: type)
    }
}

/// A result in memory.
package struct ResultView {
    package let fact: ConcreteFact
    package let bytes: UnsafeMutableRawBufferPointer

    package var shape: Shape { fact.shape }

    func elements<Element: TensorElement>(_ type: Element.Type) -> UnsafeMutableBufferPointer<Element> {
        bytes.assumingMemoryBound(to: type)
    }
}

/// An operator whose plain computation on memory is both its reference and its lowering: data movement, and what is too
/// rare for a kernel.
package protocol MultiResultOperator: Operator {
    /// Whether `compute` takes 16-bit floats as they are. Where not, it sees them as float32, and what it makes of them
    /// is rounded: what every operator that computes wants, and none that only moves elements.
    var computesHalves: Bool { get }

    /// Computes all results, one view for each that the shape rule made, wanted or not. Operands have passed it.
    ///
    /// - Throws: where the operands' content makes no sense (an index out of range, an integer divided by zero).
    func compute(_ operands: [OperandView?], into results: [ResultView]) throws(OperatorFault)
}

/// The same with one result: nearly all of them.
package protocol ComputeOperator: MultiResultOperator {
    /// Computes the result. Operands have passed the shape rule.
    ///
    /// - Throws: where the operands' content makes no sense.
    func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault)
}

extension ComputeOperator {
    package func compute(_ operands: [OperandView?], into results: [ResultView]) throws(OperatorFault) {
        for result in results.prefix(1) { try compute(operands, into: result) }
    }
}

extension MultiResultOperator {
    package var computesHalves: Bool { true }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        var tensors = results.map { Tensor(zeros: $0.elementType, shape: $0.shape) }
        try withResults(&tensors, from: 0, []) { (results) throws(OperatorFault) in
            try withViews(operands, []) { (views) throws(OperatorFault) in try run(views, into: results) }
        }
        return tensors
    }

    /// Views of all tensors from an index on, each valid for the call of `body`.
    private func withResults(
        _ tensors: inout [Tensor],
        from index: Int,
        _ views: [ResultView],
        _ body: ([ResultView]) throws(OperatorFault) -> Void
    ) throws(OperatorFault) {
        guard index < tensors.count else { return try body(views) }
        // Taken out of the array, so that its memory is its own while the view lives.
        var tensor = tensors[index]
        tensors[index] = Tensor(zeros: tensor.elementType, shape: Shape([0]))
        let fact = ConcreteFact(tensor.elementType, tensor.shape)
        try tensor.withUnsafeMutableBytes { (bytes) throws(OperatorFault) in
            try withResults(&tensors, from: index + 1, views + [ResultView(fact: fact, bytes: bytes)], body)
        }
        tensors[index] = tensor
    }

    /// Views of all tensors at once, each valid for the call of `body`.
    private func withViews(
        _ tensors: [Tensor?],
        _ views: [OperandView?],
        _ body: ([OperandView?]) throws(OperatorFault) -> Void
    ) throws(OperatorFault) {
        guard views.count < tensors.count else { return try body(views) }
        guard let tensor = tensors[views.count] else { return try withViews(tensors, views + [nil], body) }
        try tensor.withUnsafeBytes { (bytes) throws(OperatorFault) in
            let view = OperandView(fact: ConcreteFact(tensor.elementType, tensor.shape), bytes: bytes)
            try withViews(tensors, views + [view], body)
        }
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try builder.compute(self, node)
    }
}

extension PlanBuilder {
    /// Adds a step that runs an operator's own computation on the arena.
    ///
    /// - Parameter cost: nanoseconds an element of the results; by default that of moving its bytes.
    mutating func compute(
        _ operation: some MultiResultOperator,
        _ node: LoweredNode,
        cost: Double? = nil
    ) throws(OperatorFault) {
        let facts = try operation.infer(node.operands)
        // Where nobody wants a result, its memory lasts for the step.
        let outputs = facts.enumerated().map { index, fact in
            node.node.outputs.optional(index).map { .value($0) }
                ?? Source.temporary(temporary(byteCount: fact.shape.elementCount * fact.elementType.byteCount))
        }
        let total = facts.reduce(0.0) { sum, fact in
            sum + Double(fact.shape.elementCount) * (cost ?? Double(fact.elementType.byteCount) * Cost.copiedByte)
        }
        try add(cost: total) { resolver throws(OperatorFault) in
            var sources: [(Address, ConcreteFact)?] = []
            for (index, input) in node.node.inputs.enumerated() {
                if let input, let operand = node.operands[index] {
                    sources.append((try resolver.address(input), operand.fact))
                } else {
                    sources.append(nil)
                }
            }
            let targets = try outputs.map { output throws(OperatorFault) in try resolver.address(output) }
            let operands = sources
            return { (space, _) throws(OperatorFault) in
                let views = operands.map { source in
                    source.map { address, fact in
                        let count = fact.shape.elementCount * fact.elementType.byteCount
                        return OperandView(
                            fact: fact,
                            bytes: UnsafeRawBufferPointer(start: address.raw(space), count: count)
                        )
                    }
                }
                let results = zip(facts, targets).map { fact, target in
                    let count = fact.shape.elementCount * fact.elementType.byteCount
                    return ResultView(
                        fact: fact,
                        bytes: UnsafeMutableRawBufferPointer(start: target.mutable(space), count: count)
                    )
                }
                try operation.run(views, into: results)
            }
        }
    }
}

extension OperandView {
    /// The operand as a shape rule sees a known value; small operands only.
    func copied() -> ConstantTensor? {
        guard shape.elementCount <= 4096, let tensor = try? Tensor(fact.elementType, shape: shape, copying: bytes)
        else {
            return nil
        }
        return ConstantTensor(tensor)
    }
}
