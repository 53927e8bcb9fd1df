package import PicketTensor

/// ONNX Unique (opset 11): distinct elements, or distinct entries of an axis; where each was first, which one each is, and
/// how many there were. The operand must be known before a run, since the results' shapes hinge on it.
package struct Unique: Operator {
    package static let signature = OperatorSignature(
        "Unique",
        opsets: 11...21,
        inputs: 1...1,
        outputs: 1...4,
        attributes: ["axis", "sorted"]
    )

    private let axis: Int?
    private let isSorted: Bool

    /// Shape rules look at the elements again and again.
    private static let maximumElements = 1 << 18

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis")
        isSorted = try node.attributes.flag("sorted", default: true)
    }

    private func results(_ operand: OperandFact?) throws(OperatorFault) -> [Tensor] {
        guard let operand else { throw OperatorFault("input 0 is missing") }
        let constant = try operand.known("X")
        guard constant.shape.elementCount <= Self.maximumElements else {
            throw OperatorFault(
                "X has \(constant.shape.elementCount) elements, expected at most \(Self.maximumElements)"
            )
        }
        let axis = try axis.map { axis throws(OperatorFault) in try normalised(axis: axis, rank: operand.shape.rank) }
        let work = DistinctEntries(tensor: constant.tensor(), axis: axis, isSorted: isSorted)
        guard operand.elementType != .bool else { return try work.visit(IntegerFormat<UInt8>.self) }
        return try operand.elementType.visit(work)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        try results(operands.required(0)).map { ConcreteFact($0.elementType, $0.shape) }
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        throw OperatorFault("mixes rows: how many distinct entries there are hinges on all of them")
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        try self.results(OperandFact(ConstantTensor(operands.required(0))))
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let tensors = try results(node.operands.required(0))
        for (index, output) in node.node.outputs.enumerated() where index < tensors.count {
            if let output { try builder.constant(ConstantTensor(tensors[index]), for: output) }
        }
    }

    private struct DistinctEntries: FormatVisitor {
        var tensor: Tensor
        var axis: Int?
        var isSorted: Bool

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> [Tensor] {
            let dimensions = axis == nil ? [tensor.shape.elementCount] : tensor.shape.dimensions
            let axis = axis ?? 0
            let (extent, inner) = (dimensions[axis], dimensions[(axis + 1)...].reduce(1, *))
            let outer = dimensions[..<axis].reduce(1, *)
            var order: [(first: Int, members: [Int])] = []
            tensor.withUnsafeBytes { bytes in
                let elements = bytes.assumingMemoryBound(to: Format.Stored.self)
                // Entries are compared element by element, in their order.
                let compare = { (left: Int, right: Int) -> Int in
                    for index in 0..<outer * inner {
                        let base = index / inner * extent * inner + index % inner
                        let x = Format.load(elements[base + left * inner])
                        let y = Format.load(elements[base + right * inner])
                        if x != y { return x < y ? -1 : 1 }
                    }
                    return 0
                }
                let entries = (0..<extent).sorted { left, right in
                    let order = compare(left, right)
                    return order == 0 ? left < right : order < 0
                }
                for entry in entries {
                    if let last = order.last, compare(last.first, entry) == 0 {
                        order[order.count - 1].members.append(entry)
                    } else {
                        order.append((entry, [entry]))
                    }
                }
            }
            if !isSorted { order.sort { $0.first < $1.first } }
            return make(order.map(\.first), order.map(\.members), dimensions, axis)
        }

        private func make(_ firsts: [Int], _ members: [[Int]], _ dimensions: [Int], _ axis: Int) -> [Tensor] {
            var extents = dimensions
            extents[axis] = firsts.count
            let size = tensor.elementType.byteCount
            let block = dimensions[(axis + 1)...].reduce(1, *) * size
            var values = Tensor(zeros: tensor.elementType, shape: Shape(extents))
            tensor.withUnsafeBytes { source in
                values.withUnsafeMutableBytes { target in
                    for outer in 0..<dimensions[..<axis].reduce(1, *) {
                        for (index, entry) in firsts.enumerated() where block > 0 {
                            let from = (outer * dimensions[axis] + entry) * block
                            let to = (outer * firsts.count + index) * block
                            UnsafeMutableRawBufferPointer(rebasing: target[to..<to + block])
                                .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<from + block]))
                        }
                    }
                }
            }
            var inverse = [Int64](repeating: 0, count: dimensions[axis])
            for (index, entries) in members.enumerated() { for entry in entries { inverse[entry] = Int64(index) } }
            let lists = [firsts.map { Int64($0) }, inverse, members.map { Int64($0.count) }]
            return [values] + lists.map { Tensor($0, shape: Shape([$0.count])) }
        }
    }
}
