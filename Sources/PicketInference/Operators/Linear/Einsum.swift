package import PicketTensor

/// ONNX Einsum (opset 12): sums of products over axes that carry the same letter; ellipses and repeated letters.
///
/// Two float32 operands without a letter of one of them alone are a batch of matrix products between permutations; other
/// sums are computed one element after the other.
package struct Einsum: MovementOperator {
    package static let signature = OperatorSignature(
        "Einsum",
        opsets: 12...21,
        inputs: 1...Int.max,
        attributes: ["equation"]
    )

    let equation: EinsumEquation

    package init(_ node: NodeDescription) throws(OperatorFault) {
        guard let text = try node.attributes.string("equation") else {
            throw OperatorFault("attribute equation is missing")
        }
        equation = try EinsumEquation(text)
    }

    func labels(_ operands: [OperandFact?]) throws(OperatorFault) -> EinsumEquation.Labels {
        var shapes: [Shape] = []
        for index in operands.indices { shapes.append(try operands.required(index).shape) }
        return try equation.labels(shapes)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let type = try operands.required(0).elementType
        guard type != .bool else { throw OperatorFault("inputs are bool, expected numbers") }
        for operand in operands where operand?.elementType != type {
            throw OperatorFault("inputs are \(type) and \(operand?.elementType.rawValue ?? "none"), expected one type")
        }
        let labels = try labels(operands)
        // The walk over result and summed letters goes through a box of at most so many axes.
        guard labels.extents.count <= BoxWalk.maximumAxes else {
            throw OperatorFault("\(labels.extents.count) different axes, expected at most \(BoxWalk.maximumAxes)")
        }
        // A few letters in a file of a few bytes must not ask for more products than there is time.
        guard products(labels) <= Self.maximumProducts else {
            throw OperatorFault("sums of \(products(labels)) products in all, expected at most \(Self.maximumProducts)")
        }
        return [try .checked(type, labels.extents(labels.output))]
    }

    private static let maximumProducts = 0x1p44

    /// Folding sums at most so many products: what is more is computed in every run.
    private static let foldedProducts = 0x1p22

    private func products(_ labels: EinsumEquation.Labels) -> Double {
        labels.extents.values.reduce(1) { $0 * Double($1) }
    }

    package func fold(_ operands: [OperandFact?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor]? {
        guard products(try labels(operands)) <= Self.foldedProducts else { return nil }
        var tensors: [Tensor?] = []
        for operand in operands {
            guard let constant = operand?.constant else { return nil }
            tensors.append(constant.tensor())
        }
        return try evaluate(tensors, results: results)
    }

    /// Rows stay on the axis of their letter, where every operand that has the letter carries them there.
    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let labels = try labels(context.operands)
        var found: EinsumEquation.Label?
        for (index, axis) in context.axes.enumerated() {
            guard let axis else { continue }
            let label = labels.operands[index][axis]
            guard found == nil || found == label, labels.operands[index].count(where: { $0 == label }) == 1 else {
                throw OperatorFault("mixes rows: operands carry them under different letters")
            }
            found = label
        }
        guard let found, let result = labels.output.firstIndex(of: found) else {
            throw OperatorFault("mixes rows: sums over them")
        }
        for (index, operand) in labels.operands.enumerated() where context.axes[index] == nil {
            guard let axis = operand.firstIndex(of: found) else { continue }
            guard context.operands[index]?.shape[axis] == 1 else {
                throw OperatorFault("mixes rows: operand \(index) holds something else for each row")
            }
        }
        return [result]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let labels = try labels(operands)
        let (output, summed) = (labels.output, labels.summed)
        var strides: [(kept: [Int], summed: [Int])] = []
        for index in operands.indices {
            let shape = try operands.required(index).shape
            strides.append(
                (labels.strides(index, shape, along: output), labels.strides(index, shape, along: summed))
            )
        }
        return try results[0].elementType.visit(
            Sums(kept: labels.extents(output), summed: labels.extents(summed), strides: strides)
        )
    }

    /// Every element of the result as a sum of products, floats in double precision, integers wrapping.
    private struct Sums: FormatVisitor {
        var kept: [Int]
        var summed: [Int]
        var strides: [(kept: [Int], summed: [Int])]

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
            let this = self
            let (count, terms) = (kept.reduce(1, *), summed.reduce(1.0) { $0 * Double($1) })
            let each = max(1, count / 64)
            let isInteger = Format.Stored.self is any FixedWidthInteger.Type && Format.Number.self != Float.self
            return Movement(
                units: max((count + each - 1) / each, 1),
                cost: Double(count) * (1 + terms) * Double(strides.count) * 10 * Cost.element
            ) { memory, units in
                let range = min(units.lowerBound * each, count)..<min(units.upperBound * each, count)
                var walk = BoxWalk(extents: this.kept, axes: this.kept.count, at: range.lowerBound)
                let result = memory.result(as: Format.Stored.self)
                for index in range {
                    result[index] =
                        isInteger
                        ? this.integer(memory, walk, Format.self) : this.float(memory, walk, Format.self)
                    walk.advance(this.kept)
                }
            }
        }

        private func offset(_ operand: Int, _ kept: BoxWalk, _ inner: BoxWalk) -> Int {
            var offset = 0
            for axis in strides[operand].kept.indices { offset += kept[axis] * strides[operand].kept[axis] }
            for axis in strides[operand].summed.indices { offset += inner[axis] * strides[operand].summed[axis] }
            return offset
        }

        private func float<Format: NumberFormat>(
            _ memory: Movement.Memory,
            _ walk: BoxWalk,
            _: Format.Type
        ) -> Format.Stored {
            var inner = BoxWalk(extents: summed, axes: summed.count)
            var sum = 0.0
            for _ in 0..<summed.reduce(1, *) {
                var product = 1.0
                for operand in strides.indices {
                    let element = memory.operand(operand, as: Format.Stored.self)[offset(operand, walk, inner)]
                    product *= Format.double(Format.load(element))
                }
                sum += product
                inner.advance(summed)
            }
            return Format.store(Format.number(sum))
        }

        private func integer<Format: NumberFormat>(
            _ memory: Movement.Memory,
            _ walk: BoxWalk,
            _: Format.Type
        ) -> Format.Stored {
            var inner = BoxWalk(extents: summed, axes: summed.count)
            var sum = Format.number(0)
            for _ in 0..<summed.reduce(1, *) {
                var product = Format.number(1)
                for operand in strides.indices {
                    let element = memory.operand(operand, as: Format.Stored.self)[offset(operand, walk, inner)]
                    product = Format.multiply(product, Format.load(element))
                }
                sum = Format.add(sum, product)
                inner.advance(summed)
            }
            return Format.store(sum)
        }
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let labels = try labels(node.operands)
        if node.results.first?.elementType == .float32, let product = try EinsumProduct(labels, node.operands) {
            try product.lower(node, into: &builder)
        } else if node.operands.count == 1, labels.summed.isEmpty, let result = node.results.first {
            // A permutation or a diagonal.
            let operand = try node.operands.required(0)
            let copy = StridedCopy(
                extents: result.shape.dimensions,
                strides: labels.strides(0, operand.shape, along: labels.output)
            )
            let size = result.elementType.byteCount
            let bytes = result.shape.elementCount * size
            try builder.move(.copies([(copy, 0, 0)], elementBytes: size, bytes: bytes), node)
        } else {
            try builder.move(try movement(node.operands, infer(node.operands)), node)
        }
    }
}
