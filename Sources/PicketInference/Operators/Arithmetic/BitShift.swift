package import PicketTensor

/// ONNX BitShift (opset 11): a shifted by b bits with broadcasting; by the type's width and more is 0.
package struct BitShift: BinaryOperator {
    package static let signature = OperatorSignature(
        "BitShift",
        opsets: 11...21,
        inputs: 2...2,
        attributes: ["direction"]
    )
    package static let types: Set<ElementType> = .unsignedIntegers

    private let shiftsLeft: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        let direction = try node.attributes.string("direction") ?? ""
        guard direction == "LEFT" || direction == "RIGHT" else {
            throw OperatorFault("attribute direction is \(direction.quotedForMessage), expected LEFT or RIGHT")
        }
        shiftsLeft = direction == "LEFT"
    }

    package func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number {
        shiftsLeft ? left << right : left >> right
    }
}
