/// ONNX Transpose (opsets 1, 13, 21): axes in the order of `perm`, or reversed.
package struct Transpose: MovementOperator {
    package static let signature = OperatorSignature("Transpose", inputs: 1...1, attributes: ["perm"])

    private let permutation: [Int]?

    package init(_ node: NodeDescription) throws(OperatorFault) {
        permutation = try node.attributes.ints("perm")
    }

    func order(_ rank: Int) throws(OperatorFault) -> [Int] {
        guard let permutation else { return Array((0..<rank).reversed()) }
        guard permutation.sorted() == Array(0..<rank) else {
            throw OperatorFault("attribute perm is \(permutation), expected an order of 0 to \(rank - 1)")
        }
        return permutation
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        let order = try order(operand.shape.rank)
        return [try .checked(operand.elementType, order.map { operand.shape[$0] })]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let axis = try context.along([])
        let order = try order(context.operands.required(0).shape.rank)
        return [order.firstIndex(of: axis)]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        try movement(operands, results, kernels: nil)
    }

    private func movement(
        _ operands: [OperandFact?],
        _ results: [ConcreteFact],
        kernels: KernelTable?
    ) throws(OperatorFault) -> Movement {
        let operand = try operands.required(0)
        let strides = operand.shape.strides
        let order = try order(operand.shape.rank)
        var copy = StridedCopy(extents: results[0].shape.dimensions, strides: order.map { strides[$0] })
        copy.kernels = kernels
        let size = operand.elementType.byteCount
        return .copies([(copy, 0, 0)], elementBytes: size, bytes: operand.shape.elementCount * size)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let shape = try node.operands.required(0).shape
        // Axes of extent 1 may move anywhere: where the others keep their order, so do the elements.
        let moved = try order(shape.rank).filter { shape[$0] != 1 }
        if moved == moved.sorted() {
            try builder.alias(node.output(0), of: node.input(0))
        } else {
            let movement = try movement(node.operands, infer(node.operands), kernels: builder.kernels)
            try builder.move(movement, node)
        }
    }
}
