import PicketTensor

/// Looks at a graph at several numbers of rows side by side: a row's results must not hang on how many there are.
///
/// The row rules of the operators prove for one number of rows that none reads another. Beside them, two things must hold
/// for all numbers. What a row makes of a value has the same shape whatever the number; else a reshape to fixed extents
/// keeps rows apart by chance, where their number divides an extent. And what follows from the number (the first extent of
/// a Shape) says what shapes there are and nothing else; a row multiplied by it would be another one in another batch.
struct RowProof {
    /// The graph at one number of rows.
    private struct Look {
        let rows: Int
        let specialisation: Specialisation
        let axes: [Int?]
    }

    private let graph: Graph
    private var looks: [Look] = []

    init(_ graph: Graph) { self.graph = graph }

    /// Looks at the graph at a number of rows.
    ///
    /// - Parameters:
    ///   - inputs: the shapes of the graph's inputs.
    ///   - carrying: which of them carry rows.
    /// - Throws: the first node that refuses the shapes or mixes rows.
    mutating func look(rows: Int, inputs: [Shape], carrying: [Bool]) throws(NodeFault) {
        let specialisation = try Specialisation(graph, inputs: inputs)
        let axes = try specialisation.rowAxes(rows: rows, inputs: carrying)
        looks.append(Look(rows: rows, specialisation: specialisation, axes: axes))
    }

    /// Compares what was seen.
    ///
    /// - Throws: the first node by which a row would hang on the number of rows.
    func check() throws(NodeFault) {
        // Values that follow from the number of rows, by index.
        var counts = [Bool](repeating: false, count: graph.values.count)
        for node in graph.nodes {
            let shapeOperands = node.operation.shapeOperands
            let counting = node.inputs.indices.filter { node.inputs[$0].map { counts[$0.index] } ?? false }
            let telling = counting.first { !shapeOperands.contains($0) }
            let carries = node.inputs.contains { id in id.map { carriesRows($0) } ?? false }
            if carries, let telling {
                throw node.fault(OperatorFault("mixes rows: operand \(telling) follows from how many there are"))
            }
            let repeated = looks.map { $0.specialisation.repeatedAxes(of: node) }
            for case let output? in node.outputs {
                let hasSameRows = isSame(by: looks.map { rowShape(output, $0, $0.axes[output.index]) })
                if carriesRows(output) {
                    guard hasSameRows else {
                        throw node.fault(OperatorFault("mixes rows: one makes what shape their number says"))
                    }
                } else if looks.allSatisfy({ $0.specialisation[output]?.constant != nil }) {
                    counts[output.index] = !holdsSame(output)
                } else {
                    // Not known, so it must be made of what does not count, into a shape that repeats it at most.
                    let isSpread = axes(of: output).contains { axis in
                        repeated.allSatisfy { $0.contains(axis) }
                            && isSame(by: looks.map { rowShape(output, $0, axis) })
                    }
                    counts[output.index] = carries || telling != nil || !(hasSameRows || isSpread)
                }
            }
        }
    }

    private func carriesRows(_ id: ValueID) -> Bool { looks.contains { $0.axes[id.index] != nil } }

    private func axes(of id: ValueID) -> Range<Int> { 0..<(looks.first?.specialisation[id]?.shape.rank ?? 0) }

    private func isSame<Seen: Equatable>(by seen: [Seen?]) -> Bool { seen.allSatisfy { $0 != nil && $0 == seen[0] } }

    /// A value's extents with the part of one row in place of those of all; nil where an axis does not divide into rows.
    private func rowShape(_ id: ValueID, _ look: Look, _ axis: Int?) -> [Int]? {
        guard var extents = look.specialisation[id]?.shape.dimensions else { return nil }
        guard let axis else { return extents }
        guard axis < extents.count, extents[axis].isMultiple(of: look.rows) else { return nil }
        extents[axis] /= look.rows
        return extents
    }

    /// Whether a value that is known at every number holds the same at all of them, once or for each row.
    private func holdsSame(_ id: ValueID) -> Bool {
        let whole = looks.map { $0.specialisation[id]?.constant.map { Content($0.shape.dimensions, $0) } }
        if isSame(by: whole) { return true }
        return axes(of: id).contains { axis in isSame(by: looks.map { entry(id, $0, axis) }) }
    }

    /// What a known value holds for each row along an axis; nil where that is not the same.
    private func entry(_ id: ValueID, _ look: Look, _ axis: Int) -> Content? {
        guard let constant = look.specialisation[id]?.constant, axis < constant.shape.rank,
            constant.shape[axis] == look.rows, constant.isSame(along: axis)
        else { return nil }
        var extents = constant.shape.dimensions
        extents[axis] = 1
        let block = extents[axis...].reduce(constant.elementType.byteCount, *)
        return Content(extents, constant, everyBlockOf: look.rows, bytes: block)
    }

    private struct Content: Equatable {
        let extents: [Int]
        let bytes: [UInt8]

        init(_ extents: [Int], _ constant: ConstantTensor, everyBlockOf count: Int = 1, bytes block: Int = .max) {
            self.extents = extents
            bytes = constant.withUnsafeBytes { bytes in
                guard count > 1, block > 0 else { return Array(bytes) }
                return stride(from: 0, to: bytes.count, by: count * block).flatMap { bytes[$0..<$0 + block] }
            }
        }
    }
}
