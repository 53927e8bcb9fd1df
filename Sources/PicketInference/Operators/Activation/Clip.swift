import CPicketKernels
import PicketTensor

/// ONNX Clip (opsets 6 with attributes; 11, 12, 13 with operands min and max): min(max(x, lower), upper).
package struct Clip: ComputeOperator, ActivationOperator {
    package static let signature = OperatorSignature("Clip", inputs: 1...3, attributes: ["min", "max"])

    private let lower: Float
    private let upper: Float
    private let takesOperands: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        takesOperands = node.opset >= 11
        guard takesOperands ? node.attributes.names.isEmpty : node.inputs.count == 1 else {
            throw OperatorFault(
                "bounds are \(takesOperands ? "inputs" : "attributes") in opset \(node.opset), and nothing else"
            )
        }
        lower = try node.attributes.float("min") ?? -.infinity
        upper = try node.attributes.float("max") ?? .infinity
    }

    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("input", isOf: takesOperands ? .numbers : .floats)
        for index in 1...2 {
            guard let bound = operands.optional(index) else { continue }
            guard bound.elementType == operand.elementType, bound.shape.elementCount == 1 else {
                throw OperatorFault(
                    "input \(index) is \(bound.elementType) \(bound.shape), expected a \(operand.elementType) scalar"
                )
            }
        }
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([])]
    }

    package func activation(_ operands: [OperandFact?]) -> Activation? {
        var bounds = [lower, upper]
        for index in 1...2 {
            guard let bound = operands.optional(index) else { continue }
            guard let constant = bound.constant, constant.elementType == .float32, constant.shape.elementCount == 1
            else {
                return nil
            }
            bounds[index - 1] = constant.tensor().elements(of: Float.self)[0]
        }
        return .clip(lower: bounds[0], upper: bounds[1])
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let body = ClipBody(
            operand: try operands.required(0),
            lower: operands.optional(1),
            upper: operands.optional(2),
            attributes: (lower, upper),
            result: result
        )
        try result.fact.elementType.dispatch(body)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        guard node.results.first?.elementType == .float32, case .clip(let lower, let upper) = activation(node.operands)
        else {
            return try builder.compute(self, node)
        }
        try builder.unary(UnaryKernel(operation: PICKET_UNARY_CLIP, alpha: lower, beta: upper), node)
    }
}

private struct ClipBody: NumberBody {
    let operand: OperandView
    let lower: OperandView?
    let upper: OperandView?
    let attributes: (lower: Float, upper: Float)
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        let (x, y) = (operand.elements(type), result.elements(type))
        let lower = lower?.elements(type)[0] ?? Number(attributes.lower)
        let upper = upper?.elements(type)[0] ?? Number(attributes.upper)
        for index in x.indices { y[index] = x[index].isNaN ? x[index] : min(max(x[index], lower), upper) }
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) {
        let (x, y) = (operand.elements(type), result.elements(type))
        let (lower, upper) = (lower?.elements(type)[0] ?? .min, upper?.elements(type)[0] ?? .max)
        for index in x.indices { y[index] = min(max(x[index], lower), upper) }
    }
}
