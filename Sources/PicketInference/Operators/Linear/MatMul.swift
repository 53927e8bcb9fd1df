package import PicketTensor

/// ONNX MatMul (opsets 1, 9, 13): products of the last two axes, the others broadcast; vectors as in numpy.
///
/// Of float32, passes may add a bias of as many numbers as the result's last axis has, a residual and an activation:
/// result = activation(product + bias + residual).
package struct MatMul: Operator, FusingOperator {
    package static let signature = OperatorSignature("MatMul", inputs: 2...4)

    package static let biasPosition = 2
    package static let residualPosition = 3

    package private(set) var activation = Activation.none
    package private(set) var addsResidual = false

    package init(_ node: NodeDescription) throws(OperatorFault) {
        guard node.inputs.count == 2 else { throw OperatorFault("\(node.inputs.count) inputs, expected 2") }
    }

    package func fusing(_ activation: Activation) -> MatMul {
        var copy = self
        copy.activation = activation
        return copy
    }

    package func addingResidual() -> MatMul {
        var copy = self
        copy.addsResidual = true
        return copy
    }

    /// Both operands as stacks of matrices.
    private struct Sizes {
        var rows: Int
        var columns: Int
        var depth: Int
        var leftStack: Shape
        var rightStack: Shape
        var stack: [Int]
        var result: [Int]
    }

    private func sizes(_ a: Shape, _ b: Shape) throws(OperatorFault) -> Sizes {
        guard a.rank >= 1, b.rank >= 1 else { throw OperatorFault("A has shape \(a) and B \(b), expected no scalars") }
        let left = a.rank == 1 ? [1] + a.dimensions : a.dimensions
        let right = b.rank == 1 ? b.dimensions + [1] : b.dimensions
        let (rows, depth) = (left[left.count - 2], left[left.count - 1])
        let (other, columns) = (right[right.count - 2], right[right.count - 1])
        guard depth == other else { throw OperatorFault("A of \(a) and B of \(b) do not multiply") }
        let (leftStack, rightStack) = (Shape(left.dropLast(2)), Shape(right.dropLast(2)))
        let stack = try Broadcast.shape(leftStack, rightStack)
        let result = stack + (a.rank == 1 ? [] : [rows]) + (b.rank == 1 ? [] : [columns])
        return Sizes(
            rows: rows,
            columns: columns,
            depth: depth,
            leftStack: leftStack,
            rightStack: rightStack,
            stack: stack,
            result: result
        )
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let type = try TypedProduct.type(of: operands, for: self)
        let (a, b) = (try operands.required(0).shape, try operands.required(1).shape)
        let result = try ConcreteFact.checked(type, sizes(a, b).result)
        if let bias = operands.optional(Self.biasPosition) {
            let columns = try sizes(a, b).columns
            guard bias.elementType == .float32, bias.shape.elementCount == columns else {
                throw OperatorFault("the bias has shape \(bias.shape), expected [\(columns)]")
            }
        }
        if addsResidual, try operands.required(Self.residualPosition).fact != result {
            throw OperatorFault("the residual is not of shape \(result.shape)")
        }
        return [result]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let (a, b) = (try context.operands.required(0).shape, try context.operands.required(1).shape)
        let result = context.results.first?.shape ?? Shape([])
        let fault = OperatorFault("mixes rows: sums along the axis where they lie, or takes other factors for each")
        var found: Int?
        for (index, shape, other, summed) in [(0, a, b, a.rank - 1), (1, b, a, max(b.rank - 2, 0))] {
            guard let axis = context.axes[index] else { continue }
            guard axis != summed else { throw fault }
            let isStacked = axis < shape.rank - 2
            // Axes of the stack line up from the back; a vector operand takes one axis less of the result.
            let aligned = axis - shape.rank + result.rank + (other.rank == 1 ? 1 : 0)
            if isStacked {
                let position = axis - shape.rank + other.rank
                let isShared = position < 0 || other.rank == 1 || other[position] == 1
                guard isShared || context.axes[1 - index] == position else { throw fault }
            } else if context.axes[1 - index] != nil {
                throw fault
            }
            guard found == nil || found == aligned else { throw fault }
            found = aligned
        }
        if let bias = context.axes.optional(Self.biasPosition), bias >= 0 { throw fault }
        if addsResidual, context.axes[Self.residualPosition] != found { throw fault }
        return [found]
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        let (left, right) = (try operands.required(0), try operands.required(1))
        let sizes = try sizes(left.shape, right.shape)
        guard left.elementType == .float32 else {
            return try left.elementType.visit(typed(sizes)).results(of: operands, results)
        }
        let (a, b) = (left.elements(of: Float.self), right.elements(of: Float.self))
        let residual = addsResidual ? try operands.required(Self.residualPosition).elements(of: Float.self) : nil
        let bias = operands.optional(Self.biasPosition)?.elements(of: Float.self)
        let broadcast = Broadcast(sizes.leftStack, sizes.rightStack, result: Shape(sizes.stack))
        var y: [Float] = []
        for index in 0..<sizes.stack.reduce(1, *) {
            let (first, second) = broadcast.positions(ofRun: index)
            for (i, j) in product(sizes.rows, sizes.columns) {
                var sum = 0.0
                for k in 0..<sizes.depth {
                    let x = a[(first * sizes.rows + i) * sizes.depth + k]
                    sum += Double(x) * Double(b[(second * sizes.depth + k) * sizes.columns + j])
                }
                let added = Double(bias?[j] ?? 0) + Double(residual?[y.count] ?? 0)
                y.append(activation(Float(sum + added)))
            }
        }
        return [Tensor(y, shape: results[0].shape)]
    }

    /// What multiplies types other than float32.
    private func typed(_ sizes: Sizes) -> TypedProduct {
        let count = sizes.stack.reduce(1, *)
        var product = TypedProduct(
            rows: sizes.rows,
            columns: sizes.columns,
            depth: sizes.depth,
            left: .init(row: sizes.depth, column: 1),
            right: .init(row: sizes.columns, column: 1)
        )
        if sizes.rightStack.elementCount == 1 {
            product.rows *= count
        } else {
            product.stack = Broadcast(sizes.leftStack, sizes.rightStack, result: Shape(sizes.stack))
            product.count = count
        }
        return product
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let (left, right) = (try node.operands.required(0), try node.operands.required(1))
        let sizes = try sizes(left.shape, right.shape)
        guard left.elementType == .float32 else {
            return try builder.move(left.elementType.visit(typed(sizes)), node)
        }
        let matrices = sizes.rightStack.elementCount
        let packed = try builder.packMatrix(
            node.input(1),
            constant: right.constant,
            layout: .init(
                depth: sizes.depth,
                columns: sizes.columns,
                rowStride: sizes.columns,
                columnStride: 1,
                count: matrices
            )
        )
        var product = MatrixProduct(
            rows: sizes.rows,
            columns: sizes.columns,
            depth: sizes.depth,
            activation: activation
        )
        if matrices == 1 {
            // One B for all: the stack of A is one tall matrix.
            product.rows = sizes.rows * sizes.stack.reduce(1, *)
        } else {
            product.batch = Broadcast(sizes.leftStack, sizes.rightStack, result: Shape(sizes.stack))
            product.batchCount = sizes.stack.reduce(1, *)
        }
        if let bias = node.node.inputs.optional(Self.biasPosition) {
            product.addends.append(.init(kind: .columnBias, source: .value(bias)))
        }
        if addsResidual {
            product.addends.append(.init(kind: .residual, source: .value(try node.input(Self.residualPosition))))
        }
        try builder.multiply(product, .value(node.input(0)), packed, output: node.output(0))
    }
}
