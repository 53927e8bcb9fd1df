import PicketTensor

/// The elements of an operand of indices, int32 or int64, in a run.
struct IndexReader {
    private let pointer: UnsafeRawPointer
    private let isWide: Bool

    init(_ pointer: UnsafeRawPointer, isWide: Bool) {
        self.pointer = pointer
        self.isWide = isWide
    }

    @inline(__always)
    subscript(position: Int) -> Int {
        // The shape rule has checked the type, and memory is aligned for it.
        isWide
            ? Int(pointer.assumingMemoryBound(to: Int64.self)[position])
            : Int(pointer.assumingMemoryBound(to: Int32.self)[position])
    }

    /// An index into an axis, counted from the front; the model may count from the back.
    @inline(__always)
    func index(at position: Int, below extent: Int, _ axis: Int) throws(OperatorFault) -> Int {
        let given = self[position]
        guard given >= -extent, given < extent else {
            throw OperatorFault("index \(given) lies outside axis \(axis), which has \(extent) elements")
        }
        return given < 0 ? given + extent : given
    }
}

extension OperandFact {
    /// Checks that the operand holds indices; whether they take 64 bits.
    func isWideIndex(_ name: String = "indices") throws(OperatorFault) -> Bool {
        guard elementType == .int64 || elementType == .int32 else {
            throw OperatorFault("\(name) are \(elementType), expected int32 or int64")
        }
        return elementType == .int64
    }

    /// The one integer of an operand that a shape rule needs to know.
    func integer(_ what: String) throws(OperatorFault) -> Int {
        let values = try integers(what)
        guard let value = values.first, values.count == 1 else {
            throw OperatorFault("\(what) has \(values.count) elements, expected 1")
        }
        return value
    }
}
