package import CPicketKernels

/// ONNX Hardmax (opsets 1, 11 coercing to a matrix; 13 along an axis): 1 for the first largest element, 0 for the others.
package struct Hardmax: SoftmaxFamily {
    package static let signature = OperatorSignature("Hardmax", inputs: 1...1, attributes: ["axis"])

    package let axis: SoftmaxAxis

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try SoftmaxAxis(node)
    }

    package func apply(_ row: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: row.count)
        var best = 0
        for index in row.indices where row[index] > row[best] || (row[index].isNaN && !row[best].isNaN) { best = index }
        if !row.isEmpty { result[best] = 1 }
        return result
    }

    package static func kernel(_ functions: picket_kernel_table) -> SoftmaxKernel? { nil }
}
