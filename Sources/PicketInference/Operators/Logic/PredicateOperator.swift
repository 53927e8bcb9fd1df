import PicketTensor

/// A question about each element of a float operand: bool.
package protocol PredicateOperator: ComputeOperator {
    func holds(_ x: Double) -> Bool
}

extension PredicateOperator {
    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("the operand", isOf: .floats)
        return [ConcreteFact(.bool, operand.shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([])]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let operand = try operands.required(0)
        let y = result.elements(UInt8.self)
        if operand.fact.elementType == .float64 {
            let x = operand.elements(Double.self)
            for index in x.indices { y[index] = holds(x[index]) ? 1 : 0 }
        } else {
            let x = operand.elements(Float.self)
            for index in x.indices { y[index] = holds(Double(x[index])) ? 1 : 0 }
        }
    }
}
