import PicketTensor

/// A sum over two operands as a batch of matrix products: each operand permuted to [batch, rows, depth] and
/// [batch, depth, columns] where it does not lie so already, and the result permuted back.
struct EinsumProduct {
    private typealias Label = EinsumEquation.Label

    private let batch: [Label]
    private let rows: [Label]
    private let columns: [Label]
    private let depth: [Label]
    private let labels: EinsumEquation.Labels
    private let shapes: [Shape]

    /// Nil where the sum is of another kind: more operands, or a letter that only one of them has and the result lacks.
    init?(_ labels: EinsumEquation.Labels, _ operands: [OperandFact?]) throws(OperatorFault) {
        guard labels.operands.count == 2 else { return nil }
        shapes = [try operands.required(0).shape, try operands.required(1).shape]
        self.labels = labels
        let sides = labels.operands.map { Set($0) }
        // A broadcast axis belongs to the operand that has its elements.
        let owns = { [shapes] (side: Int, label: Label) in
            zip(labels.operands[side], shapes[side].dimensions).contains { $0 == label && $1 != 1 }
        }
        let summed = labels.summed
        guard summed.allSatisfy({ label in sides.allSatisfy { $0.contains(label) } }),
            summed.allSatisfy({ labels.extents[$0] == 1 || owns(0, $0) && owns(1, $0) })
        else { return nil }
        depth = summed
        batch = labels.output.filter { owns(0, $0) && owns(1, $0) }
        columns = labels.output.filter { owns(1, $0) && !owns(0, $0) }
        let others = Set(batch + columns)
        rows = labels.output.filter { !others.contains($0) }
    }

    private func count(_ list: [Label]) -> Int { labels.extents(list).reduce(1, *) }

    func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let (batches, m, n, k) = (count(batch), count(rows), count(columns), count(depth))
        let left = try permuted(node.input(0), 0, batch + rows + depth, &builder)
        let right = try permuted(node.input(1), 1, batch + depth + columns, &builder)
        let order = batch + rows + columns
        let isOrdered = order == labels.output || batches * m * n == 0
        let output = try node.output(0)
        let target: PlanBuilder.Source =
            isOrdered ? .value(output) : .temporary(builder.temporary(byteCount: batches * m * n * 4))
        try builder.multiplyMatrices(
            BatchedMatrices(count: batches, rows: m, columns: n, depth: k),
            left,
            right,
            into: target
        )
        guard !isOrdered else { return }
        let extents = labels.extents(order)
        let strides = StridedCopy.rowMajor(extents)
        let positions = labels.output.map { order.firstIndex(of: $0) ?? 0 }
        try builder.copy(
            StridedCopy(extents: positions.map { extents[$0] }, strides: positions.map { strides[$0] }),
            from: target,
            to: .value(output)
        )
    }

    /// An operand in an order of labels; itself where it lies so.
    private func permuted(
        _ id: ValueID,
        _ side: Int,
        _ order: [Label],
        _ builder: inout PlanBuilder
    ) throws(OperatorFault) -> PlanBuilder.Source {
        let extents = labels.extents(order)
        let strides = labels.strides(side, shapes[side], along: order)
        // A label of extent 1, or one that only the other operand has, does not move anything.
        let moving = zip(extents, strides).filter { $0.0 != 1 }
        if moving.map(\.1) == StridedCopy.rowMajor(moving.map(\.0)) { return .value(id) }
        let target = PlanBuilder.Source.temporary(builder.temporary(byteCount: extents.reduce(4, *)))
        try builder.copy(StridedCopy(extents: extents, strides: strides), from: .value(id), to: target)
        return target
    }
}

/// Row-major matrices, one behind the other.
struct BatchedMatrices: Sendable {
    var count: Int
    var rows: Int
    var columns: Int
    var depth: Int
}

extension PlanBuilder {
    /// Adds a step that copies float32 elements.
    mutating func copy(_ copy: StridedCopy, from source: Source, to target: Source) throws(OperatorFault) {
        let each = max(1, copy.parts / 64)
        let cost = Double(copy.elementCount * 4) * Cost.copiedByte
        try add(units: max((copy.parts + each - 1) / each, 1), cost: cost) { resolver throws(OperatorFault) in
            let (from, to) = (try resolver.address(source), try resolver.address(target))
            return { space, units in
                let parts = min(units.lowerBound * each, copy.parts)..<min(units.upperBound * each, copy.parts)
                copy.run(from: from.raw(space), to: to.mutable(space), elementBytes: 4, parts: parts)
            }
        }
    }

    /// Adds the products of float32 matrices, each of the left with its own of the right.
    mutating func multiplyMatrices(
        _ matrices: BatchedMatrices,
        _ left: Source,
        _ right: Source,
        into target: Source
    ) throws(OperatorFault) {
        let kernels = kernels
        let functions = kernels.functions.pointee
        let (rows, columns, depth) = (matrices.rows, matrices.columns, matrices.depth)
        let packedBytes = functions.gemm_packed_bytes(depth, columns)
        let packed = temporary(byteCount: packedBytes * matrices.count)
        try add(units: max(matrices.count, 1), cost: Double(packedBytes * matrices.count) * Cost.copiedByte) {
            resolver throws(OperatorFault) in
            let (from, to) = (try resolver.address(right), resolver.address(packed))
            return { space, units in
                for index in units.clamped(to: 0..<matrices.count) {
                    let b = from.floats(space) + index * depth * columns
                    let panel = (to.mutable(space) + index * packedBytes).assumingMemoryBound(to: Float.self)
                    kernels.functions.pointee.gemm_pack(depth, columns, b, columns, 1, panel)
                }
            }
        }
        let parts = max(1, (rows + 15) / 16)
        let work = Double(matrices.count) * Double(rows) * Double(columns) * Double(depth)
        let scratch = functions.gemm_scratch_bytes(rows, columns, depth)
        try add(units: max(matrices.count * parts, 1), cost: work * Cost.multiplyAdd, scratch: scratch) {
            resolver throws(OperatorFault) in
            let (a, b) = (try resolver.address(left), resolver.address(packed))
            let c = try resolver.address(target)
            return { space, units in
                for unit in units.clamped(to: 0..<matrices.count * parts) {
                    let (index, begin) = (unit / parts, unit % parts * 16)
                    let row = index * rows + begin
                    kernels.multiply(
                        rows: min(16, rows - begin),
                        columns: columns,
                        depth: depth,
                        a.floats(space) + row * depth,
                        (b.raw(space) + index * packedBytes).assumingMemoryBound(to: Float.self),
                        into: c.mutableFloats(space) + row * columns,
                        scratch: space.scratch
                    )
                }
            }
        }
    }
}
