package import PicketTensor

/// Scaled dot-product attention, made by a pass of the nodes that spell it out:
/// softmax(scale · queries · keys + addends) · values, for every matrix of a stack.
///
/// It is the nodes that it stands for: shapes, rows and the reference are theirs. Only the lowering computes them at once,
/// some rows of scores at a time.
package struct Attention: Operator {
    package static let signature = OperatorSignature("Attention", inputs: 3...Int.max)

    /// Operands before the scales: queries [… rows, depth], keys [… depth, count] and values [… count, width].
    static let factors = 3

    /// A number that the scores are multiplied by, or divided by.
    struct Scale: Sendable {
        var operand: Int
        var divides: Bool
    }

    /// What is added to the scores, broadcast to the sum's shape. That may cut the stack in other axes than the scores do.
    struct Addend: Sendable {
        var operand: Int
        var sum: ValueID
    }

    /// The nodes, on values numbered from 0: the operands first, then what the nodes make. The last one makes the result.
    let body: [Node]
    let scales: [Scale]
    let addends: [Addend]

    package init(_ node: NodeDescription) throws(OperatorFault) {
        throw OperatorFault("Attention is made by a pass, and is no operator of a model")
    }

    init(body: [Node], scales: [Scale], addends: [Addend]) {
        self.body = body
        self.scales = scales
        self.addends = addends
    }

    /// Those of the body's nodes that nothing else in it reads.
    package var shapeOperands: Set<Int> {
        var (shapes, others) = (Set<Int>(), Set<Int>())
        for node in body {
            let own = node.operation.shapeOperands
            for (position, input) in node.inputs.enumerated() {
                guard let input else { continue }
                if own.contains(position) { shapes.insert(input.index) } else { others.insert(input.index) }
            }
        }
        return shapes.subtracting(others)
    }

    /// What is known of every value of the body.
    func facts(_ operands: [OperandFact?]) throws(OperatorFault) -> [OperandFact?] {
        var facts = operands
        for node in body {
            let results = try node.operation.infer(node.inputs.map { id in id.flatMap { facts[$0.index] } })
            facts += results.prefix(node.outputs.count).map { OperandFact($0) }
        }
        return facts
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        guard let result = try facts(operands).last ?? nil else { throw OperatorFault("the body makes nothing") }
        // The pass has seen this at some extents; the lowering counts on it at all.
        let stack = result.shape.dimensions.dropLast(2)
        guard operands.prefix(Self.factors).allSatisfy({ $0?.shape.dimensions.dropLast(2) == stack }),
            scales.allSatisfy({ operands.optional($0.operand)?.shape.elementCount == 1 })
        else { throw OperatorFault("queries, keys, values or a scale would be stretched") }
        return [result.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let facts = try facts(context.operands)
        var axes = context.axes
        for node in body {
            let inner = RowContext(
                rows: context.rows,
                axes: node.inputs.map { id in id.flatMap { axes[$0.index] } },
                repeated: node.inputs.map { id in
                    id.flatMap { $0.index < context.repeated.count ? context.repeated[$0.index] : nil } ?? []
                },
                operands: node.inputs.map { id in id.flatMap { facts[$0.index] } },
                results: node.outputs.compactMap { id in id.flatMap { facts[$0.index]?.fact } }
            )
            guard inner.axes.contains(where: { $0 != nil }) else {
                axes += [Int?](repeating: nil, count: node.outputs.count)
                continue
            }
            axes += try node.operation.rowAxes(inner).prefix(node.outputs.count)
        }
        return [axes.last ?? nil]
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        var tensors = operands
        for node in body {
            let inner = node.inputs.map { id in id.flatMap { tensors[$0.index] } }
            let known = try node.operation.infer(inner.map { $0.map { OperandFact(ConstantTensor($0)) } })
            tensors += try node.operation.evaluate(inner, results: known).prefix(node.outputs.count).map { $0 }
        }
        guard let result = tensors.last ?? nil else { throw OperatorFault("the body makes nothing") }
        return [result]
    }
}
