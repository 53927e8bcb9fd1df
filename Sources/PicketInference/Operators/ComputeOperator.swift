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

/// An operator of one result whose plain computation on memory is both its reference and its lowering: data movement,
/// and what is too rare for a kernel.
package protocol ComputeOperator: Operator {
    /// Computes the result. Operands have passed the shape rule.
    ///
    /// - Throws: where the operands' content makes no sense (an index out of range, an integer divided by zero).
    func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault)
}

extension ComputeOperator {
    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        guard let fact = results.first else { return [] }
        var result = Tensor(zeros: fact.elementType, shape: fact.shape)
        try result.withUnsafeMutableBytes { (bytes) throws(OperatorFault) in
            try withViews(operands, []) { (views) throws(OperatorFault) in
                try compute(views, into: ResultView(fact: fact, bytes: bytes))
            }
        }
        return [result]
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
    mutating func compute(_ operation: some ComputeOperator, _ node: LoweredNode) throws(OperatorFault) {
        let output = try node.output(0)
        guard let fact = node.results.first else { throw OperatorFault("has no result") }
        let bytes = fact.shape.elementCount * fact.elementType.byteCount
        try add(cost: Double(bytes) * Cost.copiedByte) { resolver throws(OperatorFault) in
            var sources: [(Address, ConcreteFact)?] = []
            for (index, input) in node.node.inputs.enumerated() {
                if let input, let operand = node.operands[index] {
                    sources.append((try resolver.address(input), operand.fact))
                } else {
                    sources.append(nil)
                }
            }
            let target = try resolver.address(output)
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
                let memory = UnsafeMutableRawBufferPointer(start: target.mutable(space), count: bytes)
                try operation.compute(views, into: ResultView(fact: fact, bytes: memory))
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
