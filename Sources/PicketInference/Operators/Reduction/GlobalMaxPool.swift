package import PicketTensor

/// ONNX GlobalMaxPool (opset 1): the largest of each plane of [N, C, …]; NaN where one is NaN.
package struct GlobalMaxPool: ReduceOperator {
    package static let signature = OperatorSignature("GlobalMaxPool", inputs: 1...1)
    package static let types: Set<ElementType> = .floats
    package static let integers = IntegerReduction.largest

    package let axes = ReductionAxes.spatial

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package var start: Double { -.infinity }

    package func step(_ state: inout Double, _ x: Double) { if x > state || x.isNaN { state = x } }

    package func finish(_ state: Double, count: Int) -> Double { state }
}
