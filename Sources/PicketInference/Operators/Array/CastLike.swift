import PicketTensor

/// ONNX CastLike (opsets 15, 19, 21): Cast to the type of the second operand.
package struct CastLike: ComputeOperator {
    package static let signature = OperatorSignature(
        "CastLike",
        opsets: 15...21,
        inputs: 2...2,
        attributes: ["saturate"]
    )

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [ConcreteFact(try operands.required(1).elementType, try operands.required(0).shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        // Of the second operand only the type is read, whatever rows it carries.
        [context.axes.first ?? nil]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        Conversion.convert(try operands.required(0), into: result)
    }
}
