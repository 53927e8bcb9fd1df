import PicketTensor

extension ConstantTensor {
    /// Whether all entries of an axis are the same.
    func isSame(along axis: Int) -> Bool {
        let block = shape.dimensions[(axis + 1)...].reduce(elementType.byteCount, *)
        let extent = shape[axis]
        return withUnsafeBytes { bytes in
            // Every entry but the last of an axis is followed by its neighbour.
            (0..<max(bytes.count - block, 0)).allSatisfy { position in
                position / max(block, 1) % extent == extent - 1 || bytes[position] == bytes[position + block]
            }
        }
    }
}

extension RowContext {
    /// The rule of operators whose result keeps the rows of some operands on one axis, and that read everything else of
    /// other operands for every row.
    func onlyOperands(_ allowed: Set<Int>, carryRows axis: Int) throws(OperatorFault) -> [Int?] {
        for (index, found) in axes.enumerated() {
            guard let found else { continue }
            guard allowed.contains(index) else { throw OperatorFault("mixes rows: operand \(index) differs by row") }
            guard found == axis else {
                throw OperatorFault("mixes rows: they lie on axis \(found) of operand \(index)")
            }
        }
        return [axis]
    }

    /// The rule of operators that work along some axes of operand 0: the rows must lie on another one.
    func along(_ worked: [Int]) throws(OperatorFault) -> Int {
        guard let axis = axes.first ?? nil else { throw OperatorFault("mixes rows: only operand 0 may carry them") }
        for (index, other) in axes.enumerated() where index > 0 && other != nil {
            throw OperatorFault("mixes rows: operand \(index) differs by row")
        }
        guard !worked.contains(axis) else {
            throw OperatorFault("mixes rows: works along axis \(axis), where they lie")
        }
        return axis
    }

    /// The rule of element-wise operators with broadcasting: rows must lie on one axis, counted from the end.
    func broadcast() throws(OperatorFault) -> [Int?] {
        let rank = results.first?.shape.rank ?? 0
        var found: Int?
        for (index, axis) in axes.enumerated() {
            guard let axis, let operand = operands[index] else { continue }
            let aligned = axis + rank - operand.shape.rank
            guard found == nil || found == aligned else {
                throw OperatorFault("mixes rows: they lie on different axes")
            }
            guard operand.shape[axis] == results[0].shape[aligned] else {
                throw OperatorFault("mixes rows: broadcasts axis \(axis), where they lie")
            }
            found = aligned
        }
        // An operand that carries no rows must hold nothing that is counted by them.
        for (index, operand) in operands.enumerated() {
            guard let operand, let found, axes[index] == nil else { continue }
            let axis = found - rank + operand.shape.rank
            guard axis < 0 || operand.shape[axis] == 1 || isSame(index, along: axis) else {
                throw OperatorFault("mixes rows: operand \(index) holds something else for each row")
            }
        }
        return [found]
    }

    /// Whether an operand holds the same for every row along an axis that has as many entries as there are rows: a class
    /// token that was expanded to the batch.
    func isSame(_ index: Int, along axis: Int) -> Bool {
        guard let operand = operands[index], operand.shape[axis] == rows else { return false }
        return repeated[index].contains(axis) || operand.constant?.isSame(along: axis) ?? false
    }

    /// The rule of operators that keep the elements' order and change the shape.
    ///
    /// Rows stay together where some axis of the result begins at the same place and divides by their number.
    func reshaped() throws(OperatorFault) -> [Int?] {
        guard let axis = axes.first ?? nil, let operand = operands[0], let result = results.first else { return [nil] }
        let outer = operand.shape.dimensions[..<axis].reduce(1, *)
        var prefix = 1
        for (position, extent) in result.shape.dimensions.enumerated() {
            if prefix == outer, extent.isMultiple(of: rows), extent > 0 { return [position] }
            prefix *= extent
        }
        throw OperatorFault("mixes rows: from \(operand.shape) to \(result.shape) they do not stay on an axis")
    }
}
