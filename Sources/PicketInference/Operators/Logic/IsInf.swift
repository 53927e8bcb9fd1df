/// ONNX IsInf (opsets 10, 20): of the signs that are asked for.
package struct IsInf: PredicateOperator {
    package static let signature = OperatorSignature(
        "IsInf",
        opsets: 10...21,
        inputs: 1...1,
        attributes: ["detect_negative", "detect_positive"]
    )

    private let detectsNegative: Bool
    private let detectsPositive: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        detectsNegative = try node.attributes.flag("detect_negative", default: true)
        detectsPositive = try node.attributes.flag("detect_positive", default: true)
    }

    package func holds(_ x: Double) -> Bool {
        x.isInfinite && (x < 0 ? detectsNegative : detectsPositive)
    }
}
