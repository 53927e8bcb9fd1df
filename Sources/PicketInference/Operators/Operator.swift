package import PicketTensor

/// What an operator is called and takes, by the ONNX specification.
package struct OperatorSignature: Sendable {
    /// As in the specification: `Conv`.
    package let name: String
    /// Empty for the standard domain.
    package let domain: String
    /// Operator-set versions of the domain that this implementation covers.
    package let opsets: ClosedRange<Int>
    /// How many operands, optional ones included; the lower bound are those that must be there.
    package let inputs: ClosedRange<Int>
    /// How many results.
    package let outputs: ClosedRange<Int>
    /// Attributes that a node may have, in any covered version.
    package let attributes: Set<String>

    package init(
        _ name: String,
        domain: String = "",
        opsets: ClosedRange<Int> = OperatorRegistry.standardOpsets,
        inputs: ClosedRange<Int>,
        outputs: ClosedRange<Int> = 1...1,
        attributes: Set<String> = []
    ) {
        self.name = name
        self.domain = domain
        self.opsets = opsets
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
    }
}

/// What an operator is made from.
package struct NodeDescription: Sendable {
    package var attributes: NodeAttributes
    /// The version of the operator's domain that the model imports.
    package var opset: Int
    /// Which operands are there, in order.
    package var inputs: [Bool]
    /// Which results are wanted, in order.
    package var outputs: [Bool]

    package init(attributes: NodeAttributes, opset: Int, inputs: [Bool], outputs: [Bool]) {
        self.attributes = attributes
        self.opset = opset
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// One ONNX operator with its attributes: shape rule, reference evaluation and lowering side by side.
///
/// Everything that an operator reads is untrusted: whatever a model holds, these calls return or throw, never trap.
package protocol Operator: Sendable {
    static var signature: OperatorSignature { get }

    /// Decodes the attributes. Arity and attribute names have been checked against the signature.
    init(_ node: NodeDescription) throws(OperatorFault)

    /// The shape rule: types and shapes of all results for operands of concrete shape.
    ///
    /// Operands that the signature requires are there; others may be nil or missing at the end.
    func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact]

    /// The axis along which each result carries the batch's rows, given each operand's (nil: carries none).
    ///
    /// Row r of `rows` is the r-th equal part of that axis. Called only where some operand carries rows.
    /// - Throws: where a row of the result would depend on another row of an operand.
    func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?]

    /// Operands that say nothing but what shape the result has: its elements do not depend on them otherwise.
    var shapeOperands: Set<Int> { get }

    /// The results where they are known before a run; nil where they are not.
    func fold(_ operands: [OperandFact?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor]?

    /// The reference: plain, exact where it can be, slow. Operands have passed ``infer(_:)``, which made `results`.
    func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor]

    /// Appends the steps that compute the results to a plan.
    func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault)
}

extension Operator {
    package var shapeOperands: Set<Int> { [] }

    package func fold(_ operands: [OperandFact?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor]? {
        var tensors: [Tensor?] = []
        for operand in operands {
            guard let operand else {
                tensors.append(nil)
                continue
            }
            guard let constant = operand.constant else { return nil }
            tensors.append(constant.tensor())
        }
        return try evaluate(tensors, results: results)
    }
}

/// An operator that may repeat what it reads along some axes.
package protocol RepeatingOperator: Operator {
    /// Axes of the result along which all entries are the same, whatever the operands hold.
    func repeatedAxes(_ operands: [OperandFact?], _ result: ConcreteFact) -> Set<Int>
}

/// What the row rule of an operator sees.
package struct RowContext: Sendable {
    /// Rows in the batch, 1 or more.
    package let rows: Int
    /// The axis that carries rows, by operand.
    package let axes: [Int?]
    /// The axes along which all entries are the same, by operand, where a ``RepeatingOperator`` made it of what carries no
    /// rows.
    package let repeated: [Set<Int>]
    package let operands: [OperandFact?]
    package let results: [ConcreteFact]
}

/// Why an operator cannot be made, shaped or run, as a sentence without the node's name.
package struct OperatorFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let reason: String

    /// The operand on whose content the shapes hang, where that is all that is wrong.
    package let unknown: ValueID?

    package init(_ reason: String) {
        self.reason = reason
        unknown = nil
    }

    /// A shape rule that would answer if it knew what `operand` holds.
    package init(unknown operand: OperandFact, _ what: String) {
        reason = "\(what) is computed from the data, expected one known before a run"
        unknown = operand.value
    }

    package var description: String { reason }
}
