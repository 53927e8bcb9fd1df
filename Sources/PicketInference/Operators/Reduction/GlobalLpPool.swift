import Glibc
package import PicketTensor

/// ONNX GlobalLpPool (opset 2): (Σ |x|^p)^(1/p) over each plane of [N, C, …].
package struct GlobalLpPool: ReduceOperator {
    package static let signature = OperatorSignature("GlobalLpPool", inputs: 1...1, attributes: ["p"])
    package static let types: Set<ElementType> = .floats
    package static let integers = IntegerReduction.doubles

    package let axes = ReductionAxes.spatial
    private let p: Double

    package init(_ node: NodeDescription) throws(OperatorFault) {
        let p = try node.attributes.int("p") ?? 2
        guard p > 0 else { throw OperatorFault("attribute p is \(p), expected 1 or more") }
        self.p = Double(p)
    }

    package var start: Double { 0 }

    package func step(_ state: inout Double, _ x: Double) {
        state += p == 2 ? x * x : p == 1 ? x.magnitude : pow(x.magnitude, p)
    }

    package func finish(_ state: Double, count: Int) -> Double {
        p == 2 ? state.squareRoot() : p == 1 ? state : pow(state, 1 / p)
    }
}
