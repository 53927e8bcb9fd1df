import PicketTensor

extension OperandView {
    /// All elements as doubles, for small operands and rare types.
    func doubles() throws(OperatorFault) -> [Double] {
        var values = [Double](repeating: 0, count: shape.elementCount)
        var fault: OperatorFault?
        values.withUnsafeMutableBufferPointer { target in
            do throws(OperatorFault) {
                try fact.elementType.dispatch(DoublesBody(operand: self, target: target))
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        return values
    }
}

private struct DoublesBody: NumberBody {
    let operand: OperandView
    let target: UnsafeMutableBufferPointer<Double>

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        for (index, value) in operand.elements(type).enumerated() { target[index] = Double(value) }
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) {
        for (index, value) in operand.elements(type).enumerated() { target[index] = Double(value) }
    }
}
