import PicketTensor

extension Array {
    /// The operand at a position that the signature requires.
    ///
    /// - Throws: where it is missing, so that a shape rule called on its own never traps.
    func required<Wrapped>(_ index: Int) throws(OperatorFault) -> Wrapped where Element == Wrapped? {
        guard index < count, let operand = self[index] else { throw OperatorFault("input \(index) is missing") }
        return operand
    }

    /// The operand at a position that may be left out.
    func optional<Wrapped>(_ index: Int) -> Wrapped? where Element == Wrapped? {
        index < count ? self[index] : nil
    }
}

extension OperandFact {
    /// The content of an operand that a shape rule needs to know.
    func known(_ what: String) throws(OperatorFault) -> ConstantTensor {
        guard let constant else { throw OperatorFault(unknown: self, what) }
        return constant
    }

    /// The integers of a small operand that a shape rule needs to know.
    ///
    /// - Throws: where it is not known before a run, not int64 or int32, or not of rank 0 or 1.
    func integers(_ what: String) throws(OperatorFault) -> [Int] {
        let constant = try known(what)
        guard shape.rank <= 1 else { throw OperatorFault("\(what) has shape \(shape), expected one axis") }
        guard shape.elementCount <= 4096 else { throw OperatorFault("\(what) has \(shape.elementCount) elements") }
        switch elementType {
        case .int64: return constant.tensor().elements(of: Int64.self).map { Int($0) }
        case .int32: return constant.tensor().elements(of: Int32.self).map { Int($0) }
        default: throw OperatorFault("\(what) is \(elementType), expected int64")
        }
    }
}

extension ConcreteFact {
    /// The fact of a result whose extents the shape rule computed from untrusted numbers.
    static func checked(_ elementType: ElementType, _ dimensions: [Int]) throws(OperatorFault) -> ConcreteFact {
        do {
            return ConcreteFact(elementType, try Shape(validating: dimensions))
        } catch {
            throw OperatorFault("result shape: \(error)")
        }
    }
}

extension OperandFact {
    /// The shape of an operand that must be float32.
    func float32(_ name: String) throws(OperatorFault) -> Shape {
        guard elementType == .float32 else { throw OperatorFault("\(name) is \(elementType), expected float32") }
        return shape
    }
}

/// All pairs of 0..<rows and 0..<columns, the second running fastest.
func product(_ rows: Int, _ columns: Int) -> some Sequence<(Int, Int)> {
    (0..<rows).lazy.flatMap { row in (0..<columns).lazy.map { (row, $0) } }
}

/// An axis counted from the front, from one that may be counted from the back.
///
/// - Throws: where it lies outside a rank.
func normalised(axis: Int, rank: Int, _ name: String = "axis") throws(OperatorFault) -> Int {
    guard axis >= -rank, axis < rank else {
        throw OperatorFault("\(name) is \(axis), expected \(-rank) to \(rank - 1)")
    }
    return axis < 0 ? axis + rank : axis
}

/// Distinct axes counted from the front, in ascending order.
func normalised(axes: [Int], rank: Int) throws(OperatorFault) -> [Int] {
    var result = Set<Int>()
    for axis in axes {
        guard result.insert(try normalised(axis: axis, rank: rank)).inserted else {
            throw OperatorFault("axes \(axes) name an axis twice")
        }
    }
    return result.sorted()
}
