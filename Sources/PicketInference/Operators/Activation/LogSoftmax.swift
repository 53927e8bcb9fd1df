package import CPicketKernels
import Glibc

/// ONNX LogSoftmax (opsets 1, 11 coercing to a matrix; 13 along an axis).
package struct LogSoftmax: SoftmaxFamily {
    package static let signature = OperatorSignature("LogSoftmax", inputs: 1...1, attributes: ["axis"])

    package let axis: SoftmaxAxis

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try SoftmaxAxis(node)
    }

    package func apply(_ row: [Double]) -> [Double] {
        let largest = row.reduce(-.infinity, Double.maximum)
        let logarithm = log(row.reduce(0) { $0 + exp($1 - largest) })
        return row.map { $0 - largest - logarithm }
    }

    package static func kernel(_ functions: picket_kernel_table) -> SoftmaxKernel? { functions.log_softmax }
}
