package import CPicketKernels
import Glibc

/// ONNX Softmax (opsets 1, 11 coercing to a matrix; 13 along an axis).
package struct Softmax: SoftmaxFamily {
    package static let signature = OperatorSignature("Softmax", inputs: 1...1, attributes: ["axis"])

    package let axis: SoftmaxAxis

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try SoftmaxAxis(node)
    }

    package func apply(_ row: [Double]) -> [Double] {
        let largest = row.reduce(-.infinity, Double.maximum)
        let powers = row.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    package static func kernel(_ functions: picket_kernel_table) -> SoftmaxKernel? { functions.softmax }
}
