import CPicketKernels
import PicketTensor

/// ONNX Clip (opsets 6 with attributes; 11, 12, 13 with operands min and max) on float32: min(max(x, lower), upper).
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

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        _ = try operand.float32("input")
        for index in 1...2 {
            guard let bound = operands.optional(index) else { continue }
            guard bound.elementType == .float32, bound.shape.elementCount == 1 else {
                throw OperatorFault("input \(index) is \(bound.elementType) \(bound.shape), expected a float32 scalar")
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
        let x = try operands.required(0).elements(Float.self)
        let y = result.elements(Float.self)
        let lower = operands.optional(1)?.elements(Float.self)[0] ?? lower
        let upper = operands.optional(2)?.elements(Float.self)[0] ?? upper
        let clip = Activation.clip(lower: lower, upper: upper)
        for index in x.indices { y[index] = clip(x[index]) }
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        guard case .clip(let lower, let upper) = activation(node.operands) else {
            return try builder.compute(self, node)
        }
        try builder.unary(UnaryKernel(operation: PICKET_UNARY_CLIP, alpha: lower, beta: upper), node)
    }
}
