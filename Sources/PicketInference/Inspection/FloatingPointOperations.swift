internal import PicketTensor

/// Counts the floating-point operations of a graph as the literature does: a multiply-add is two.
enum FloatingPointOperations {
    /// Operators that move data or shapes and compute nothing.
    private static let free: Set<String> = [
        "Cast", "Concat", "Constant", "Dropout", "Flatten", "Gather", "Identity", "Pad", "Reshape", "Shape", "Squeeze",
        "Transpose", "Unsqueeze",
    ]

    /// Operators that read each element of their operand once: an operation for each.
    private static let reductions: Set<String> = ["GlobalAveragePool", "GlobalMaxPool", "ReduceMean"]

    /// The operations of all nodes; saturates at `Int.max`.
    static func count(in specialisation: Specialisation) -> Int {
        specialisation.graph.nodes.reduce(0) { sum, node in
            let (total, overflow) = sum.addingReportingOverflow(count(of: node, specialisation))
            return overflow ? Int.max : total
        }
    }

    private static func count(of node: Node, _ specialisation: Specialisation) -> Int {
        let operands = specialisation.operands(of: node).map { $0?.shape }
        guard let output = node.outputs.first ?? nil, let result = specialisation[output]?.shape,
            specialisation[output]?.constant == nil
        else { return 0 }
        let perElement: Int
        switch node.operatorName {
        case let name where free.contains(name):
            return 0
        case let name where reductions.contains(name):
            return operands.first??.elementCount ?? 0
        case "Conv":
            // Weights are [M, C / group, …]: each result sums one M-th of them.
            guard let weights = operands.dropFirst().first ?? nil, weights.rank > 0 else { return 0 }
            perElement = 2 * (weights.elementCount / max(weights[0], 1))
        case "Gemm", "MatMul":
            // The result's last axis comes from the second operand, the rest of which is summed over.
            guard let right = operands.dropFirst().first ?? nil, let left = operands.first ?? nil else { return 0 }
            perElement = 2 * summed(left, right, result)
        case "Attention":
            // A score is a sum over the depth, an exponential and a part of the sums over the values.
            guard let left = operands.first ?? nil, let right = operands.dropFirst().first ?? nil,
                let depth = left.dimensions.last, let count = right.dimensions.last
            else { return 0 }
            perElement = 2 * count + (2 * depth + 1) * count / max(result.dimensions.last ?? 1, 1)
        case "MaxPool", "AveragePool":
            perElement = max((operands.first??.elementCount ?? 0) / max(result.elementCount, 1), 1)
        case "BatchNormalization":
            perElement = 2
        default:
            perElement = 1
        }
        let (count, overflow) = result.elementCount.multipliedReportingOverflow(by: perElement)
        return overflow ? Int.max : count
    }

    /// The length of the sums of a matrix product: what both operands have and the result has not.
    private static func summed(_ left: Shape, _ right: Shape, _ result: Shape) -> Int {
        guard let columns = result.dimensions.last, columns > 0, right.rank > 0 else { return 0 }
        if right.rank == 1 { return right[0] }
        let matrix = right[right.rank - 1] * right[right.rank - 2]
        return left.rank == 1 ? left[0] : matrix / columns
    }
}
