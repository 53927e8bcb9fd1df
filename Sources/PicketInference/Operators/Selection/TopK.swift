import PicketTensor

/// ONNX TopK (opsets 1 with attribute k; 10, 11 with operand k): the largest or smallest numbers along an axis, and where
/// they were.
///
/// Equal numbers come in the order of their places; NaN counts as larger than every number. Sorted whether asked or not.
package struct TopK: MovementOperator {
    package static let signature = OperatorSignature(
        "TopK",
        inputs: 1...2,
        outputs: 1...2,
        attributes: ["axis", "k", "largest", "sorted"]
    )

    private let axis: Int
    private let attributeCount: Int?
    private let takesLargest: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? -1
        attributeCount = try node.attributes.int("k")
        takesLargest = try node.attributes.flag("largest", default: true)
        _ = try node.attributes.flag("sorted", default: true)
        guard node.opset >= 10 ? attributeCount == nil && node.inputs.count == 2 : node.inputs.count == 1 else {
            throw OperatorFault("k is an \(node.opset >= 10 ? "input" : "attribute") in opset \(node.opset)")
        }
        guard node.opset >= 11 || node.attributes.names.isDisjoint(with: ["largest", "sorted"]) else {
            throw OperatorFault("attributes largest and sorted in opset \(node.opset), expected none before opset 11")
        }
    }

    private func sizes(_ operands: [OperandFact?]) throws(OperatorFault) -> (axis: Int, count: Int) {
        let shape = try operands.required(0).shape
        let axis = try normalised(axis: axis, rank: shape.rank)
        var given = attributeCount
        if let operand = operands.optional(1) { given = try operand.integer("k") }
        guard let count = given else { throw OperatorFault("k is missing") }
        guard count >= 0, count <= shape[axis] else {
            throw OperatorFault("k is \(count), expected 0 to \(shape[axis]), which axis \(axis) has")
        }
        return (axis, count)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let data = try operands.required(0)
        guard data.elementType != .bool else { throw OperatorFault("X is bool, expected numbers") }
        let (axis, count) = try sizes(operands)
        guard data.shape[axis] <= Int(Int32.max) else {
            throw OperatorFault("axis \(axis) has \(data.shape[axis]) elements, expected at most \(Int32.max)")
        }
        var extents = data.shape.dimensions
        extents[axis] = count
        let shape = try ConcreteFact.checked(data.elementType, extents).shape
        return [ConcreteFact(data.elementType, shape), ConcreteFact(.int64, shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let worked = try normalised(axis: axis, rank: context.operands.required(0).shape.rank)
        let rows = try context.along([worked])
        return [rows, rows]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        let (axis, count) = try sizes(operands)
        let line = LineSelection(
            extent: data.shape[axis],
            inner: data.shape.dimensions[(axis + 1)...].reduce(1, *),
            lines: data.shape.elementCount / max(data.shape[axis], 1),
            count: count,
            takesLargest: takesLargest
        )
        return try data.elementType.visit(line)
    }

    private struct LineSelection: FormatVisitor {
        var extent: Int
        var inner: Int
        var lines: Int
        var count: Int
        var takesLargest: Bool

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
            let this = self
            return Movement(
                units: max(lines, 1),
                cost: Double(lines * extent) * 5 * Cost.element,
                scratchBytes: count * MemoryLayout<Int32>.size
            ) { memory, units in
                guard this.count > 0 else { return }
                for line in units.clamped(to: 0..<this.lines) { this.select(line, memory, Format.self) }
            }
        }

        /// Keeps the best seen so far as a heap whose root is the worst of them, then sorts it.
        private func select<Format: NumberFormat>(_ line: Int, _ memory: Movement.Memory, _ format: Format.Type) {
            let (outer, rest) = (line / inner, line % inner)
            let source = memory.operand(0, as: Format.Stored.self) + outer * extent * inner + rest
            let heap = UnsafeMutableBufferPointer(
                start: memory.scratch.bindMemory(to: Int32.self, capacity: count),
                count: count
            )
            let isBetter = { (left: Int32, right: Int32) -> Bool in
                let (x, y) = (Format.load(source[Int(left) * inner]), Format.load(source[Int(right) * inner]))
                let (isXNaN, isYNaN) = (Format.isNaN(x), Format.isNaN(y))
                if isXNaN || isYNaN { return isXNaN == isYNaN ? left < right : isXNaN == takesLargest }
                return x == y ? left < right : (x > y) == takesLargest
            }
            for index in 0..<count { heap[index] = Int32(truncatingIfNeeded: index) }
            for root in stride(from: count / 2 - 1, through: 0, by: -1) { Self.sink(heap, root, count, isBetter) }
            for index in count..<extent {
                let candidate = Int32(truncatingIfNeeded: index)
                guard isBetter(candidate, heap[0]) else { continue }
                heap[0] = candidate
                Self.sink(heap, 0, count, isBetter)
            }
            for end in stride(from: count - 1, to: 0, by: -1) {
                heap.swapAt(0, end)
                Self.sink(heap, 0, end, isBetter)
            }
            let first = outer * count * inner + rest
            if let values = memory.wanted(0)?.assumingMemoryBound(to: Format.Stored.self) {
                for index in 0..<count { values[first + index * inner] = source[Int(heap[index]) * inner] }
            }
            if let places = memory.wanted(1)?.assumingMemoryBound(to: Int64.self) {
                for index in 0..<count { places[first + index * inner] = Int64(heap[index]) }
            }
        }

        private static func sink(
            _ heap: UnsafeMutableBufferPointer<Int32>,
            _ start: Int,
            _ count: Int,
            _ isBetter: (Int32, Int32) -> Bool
        ) {
            var root = start
            while true {
                var worst = root
                let child = 2 * root + 1
                if child < count, isBetter(heap[worst], heap[child]) { worst = child }
                if child + 1 < count, isBetter(heap[worst], heap[child + 1]) { worst = child + 1 }
                guard worst != root else { return }
                heap.swapAt(root, worst)
                root = worst
            }
        }
    }
}
