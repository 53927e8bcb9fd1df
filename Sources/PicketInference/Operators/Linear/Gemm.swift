package import PicketTensor

/// ONNX Gemm (opsets 7, 9, 11, 13): alpha · A' · B' + beta · C, with C broadcast to the result.
///
/// Of float32, passes may add a residual and an activation: result = activation(product + residual).
package struct Gemm: Operator, FusingOperator {
    package static let signature = OperatorSignature(
        "Gemm",
        inputs: 2...4,
        attributes: ["alpha", "beta", "transA", "transB"]
    )

    package static let residualPosition = 3

    private let alpha: Float
    private let beta: Float
    private let transposesA: Bool
    private let transposesB: Bool
    package private(set) var activation = Activation.none
    package private(set) var addsResidual = false

    package init(_ node: NodeDescription) throws(OperatorFault) {
        guard node.inputs.count <= 3 else { throw OperatorFault("\(node.inputs.count) inputs, expected at most 3") }
        guard node.opset >= 11 || node.inputs.count == 3 else {
            throw OperatorFault("C is missing, which opset \(node.opset) needs")
        }
        alpha = try node.attributes.float("alpha") ?? 1
        beta = try node.attributes.float("beta") ?? 1
        transposesA = try node.attributes.flag("transA", default: false)
        transposesB = try node.attributes.flag("transB", default: false)
    }

    package func fusing(_ activation: Activation) -> Gemm {
        var copy = self
        copy.activation = activation
        return copy
    }

    package func addingResidual() -> Gemm {
        var copy = self
        copy.addsResidual = true
        return copy
    }

    /// Rows, columns and depth of the product.
    private func sizes(_ a: Shape, _ b: Shape) throws(OperatorFault) -> (rows: Int, columns: Int, depth: Int) {
        guard a.rank == 2, b.rank == 2 else { throw OperatorFault("A has shape \(a) and B \(b), expected matrices") }
        let (rows, depth) = transposesA ? (a[1], a[0]) : (a[0], a[1])
        let (columns, other) = transposesB ? (b[0], b[1]) : (b[1], b[0])
        guard depth == other else {
            throw OperatorFault(
                "A of \(a)\(transposesA ? "ᵀ" : "") and B of \(b)\(transposesB ? "ᵀ" : "") do not multiply"
            )
        }
        return (rows, columns, depth)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let type = try TypedProduct.type(of: operands, for: self)
        let (rows, columns, _) = try sizes(operands.required(0).shape, operands.required(1).shape)
        let result = try ConcreteFact.checked(type, [rows, columns])
        if let c = operands.optional(2) {
            guard try Broadcast.shape(result.shape, c.shape) == result.shape.dimensions else {
                throw OperatorFault("C has shape \(c.shape), which does not broadcast to \(result.shape)")
            }
        }
        if addsResidual {
            guard try operands.required(3).fact == result else {
                throw OperatorFault("the residual is not of shape \(result.shape)")
            }
        }
        return [result]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        guard context.axes[0] == (transposesA ? 1 : 0), context.axes[1] == nil else {
            throw OperatorFault("mixes rows: they lie elsewhere than on the rows of A")
        }
        for (index, operand) in context.operands.enumerated().dropFirst(2) {
            guard let operand, operand.shape.rank == 2 else { continue }
            guard context.axes[index] == 0 || (context.axes[index] == nil && operand.shape[0] == 1) else {
                throw OperatorFault("mixes rows: operand \(index) holds something else for each row")
            }
        }
        return [0]
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        let (left, right) = (try operands.required(0), try operands.required(1))
        let (rows, columns, depth) = try sizes(left.shape, right.shape)
        guard left.elementType == .float32 else {
            let shapes = operands.map { $0?.shape }
            return try left.elementType.visit(typed(shapes)).results(of: operands, results)
        }
        let (a, b) = (left.elements(of: Float.self), right.elements(of: Float.self))
        let c = operands.optional(2)
        let addend = c?.elements(of: Float.self) ?? []
        let stretch = c.map { Broadcast($0.shape, results[0].shape, result: results[0].shape) }
        let residual = addsResidual ? try operands.required(3).elements(of: Float.self) : nil
        var y: [Float] = []
        for (i, j) in product(rows, columns) {
            var sum = 0.0
            for k in 0..<depth {
                let x = a[transposesA ? k * rows + i : i * depth + k]
                sum += Double(x) * Double(b[transposesB ? j * depth + k : k * columns + j])
            }
            let bias = stretch.map { Double(addend[$0.positions(ofRun: y.count).left]) } ?? 0
            let total = Double(alpha) * sum + Double(beta) * bias + Double(residual?[y.count] ?? 0)
            y.append(activation(Float(total)))
        }
        return [Tensor(y, shape: results[0].shape)]
    }

    /// What multiplies types other than float32.
    private func typed(_ operands: [Shape?]) throws(OperatorFault) -> TypedProduct {
        let (rows, columns, depth) = try sizes(operands.required(0), operands.required(1))
        var product = TypedProduct(
            rows: rows,
            columns: columns,
            depth: depth,
            left: transposesA ? .init(row: 1, column: rows) : .init(row: depth, column: 1),
            right: transposesB ? .init(row: 1, column: depth) : .init(row: columns, column: 1),
            alpha: alpha,
            beta: beta
        )
        if let c = operands.optional(2) {
            let matrix = [Int](repeating: 1, count: 2 - c.rank) + c.dimensions
            product.addend = .init(row: matrix[0] == 1 ? 0 : matrix[1], column: matrix[1] == 1 ? 0 : 1)
        }
        return product
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let (type, right) = (try node.operands.required(0).elementType, try node.operands.required(1))
        guard type == .float32 else {
            return try builder.move(type.visit(typed(node.operands.map { $0?.shape })), node)
        }
        let (rows, columns, depth) = try sizes(node.operands.required(0).shape, right.shape)
        var product = MatrixProduct(rows: rows, columns: columns, depth: depth, activation: activation)
        let left = try transposesA ? transpose(node, depth, rows, &builder) : .value(node.input(0))
        let packed = try builder.packMatrix(
            node.input(1),
            constant: right.constant,
            layout: .init(
                depth: depth,
                columns: columns,
                rowStride: transposesB ? 1 : columns,
                columnStride: transposesB ? depth : 1,
                scale: alpha
            )
        )
        if let id = node.node.inputs.optional(2), let c = node.operands.optional(2) {
            product.addends.append(try addend(id, c, product, &builder))
        }
        if addsResidual {
            let residual = MatrixProduct.Addend(kind: .residual, source: .value(try node.input(3)))
            guard product.addends.allSatisfy({ $0.kind != .residual }) else {
                throw OperatorFault("adds two matrices, C and a residual")
            }
            product.addends.append(residual)
        }
        try builder.multiply(product, left, packed, output: node.output(0))
    }

    /// beta · C as the kernel adds it.
    private func addend(
        _ id: ValueID,
        _ c: OperandFact,
        _ product: MatrixProduct,
        _ builder: inout PlanBuilder
    ) throws(OperatorFault) -> MatrixProduct.Addend {
        let (rows, columns) = (product.rows, product.columns)
        let matrix = [Int](repeating: 1, count: 2 - c.shape.rank) + c.shape.dimensions
        let kind: MatrixProduct.Addend.Kind =
            matrix[0] == 1 ? .columnBias : matrix[1] == 1 && columns != 1 ? .rowBias : .residual
        let count = kind == .columnBias ? columns : kind == .rowBias ? rows : rows * columns
        let isWhole = c.shape.elementCount == count
        if isWhole, beta == 1, c.constant == nil { return .init(kind: kind, source: .value(id)) }
        let beta = beta
        let fill = { @Sendable (from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>) in
            for index in 0..<count { to[index] = from[isWhole ? index : 0] * beta }
        }
        if let constant = c.constant {
            let layout = "addend \(count) \(beta)"
            let prepared = try builder.packed(id, layout: layout, byteCount: count * 4) { () throws(OperatorFault) in
                let plain = PlanBuilder.scaled(constant, by: 1)
                let buffer = AlignedBuffer(byteCount: count * 4)
                fill(plain.floats(), buffer.floats())
                return buffer
            }
            return .init(kind: kind, source: .prepared(prepared))
        }
        let temporary = builder.temporary(byteCount: count * 4)
        try builder.add(cost: Double(count) * Cost.element) { resolver throws(OperatorFault) in
            let (from, to) = (try resolver.address(id), resolver.address(temporary))
            return { space, _ in fill(from.floats(space), to.mutableFloats(space)) }
        }
        return .init(kind: kind, source: .temporary(temporary))
    }

    /// A as rows × depth, from depth × rows.
    private func transpose(
        _ node: LoweredNode,
        _ depth: Int,
        _ rows: Int,
        _ builder: inout PlanBuilder
    ) throws(OperatorFault) -> PlanBuilder.Source {
        let input = try node.input(0)
        let bytes = depth * rows * 4
        let temporary = builder.temporary(byteCount: bytes)
        try builder.add(cost: Double(bytes) * Cost.copiedByte) { resolver throws(OperatorFault) in
            let (from, to) = (try resolver.address(input), resolver.address(temporary))
            return { space, _ in
                StridedCopy(extents: [rows, depth], strides: [1, rows]).run(
                    from: UnsafeRawBufferPointer(start: from.raw(space), count: bytes),
                    to: UnsafeMutableRawBufferPointer(start: to.mutable(space), count: bytes),
                    elementBytes: 4
                )
            }
        }
        return .temporary(temporary)
    }
}
