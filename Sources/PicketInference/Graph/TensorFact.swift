public import PicketTensor

/// One extent of a value before the model is specialised to concrete inputs.
public enum Dimension: Sendable, Hashable, CustomStringConvertible {
    /// The same for every run.
    case known(Int)
    /// The number of rows in the batch.
    case batch
    /// Named by the model, known only from the inputs of a run (a picture's height, say).
    case symbol(String)

    /// The extent where it does not depend on a run.
    public var extent: Int? {
        if case .known(let extent) = self { extent } else { nil }
    }

    public var description: String {
        switch self {
        case .known(let extent): String(extent)
        case .batch: "batch"
        case .symbol(let name): name
        }
    }
}

/// What is known of a value without running the model: its element type and, where it has one, its shape.
public struct TensorFact: Sendable, Hashable, CustomStringConvertible {
    /// The type of every element.
    public var elementType: ElementType

    /// The extents, outermost first; nil where not even the rank is known.
    public var dimensions: [Dimension]?

    public init(_ elementType: ElementType, _ dimensions: [Dimension]?) {
        self.elementType = elementType
        self.dimensions = dimensions
    }

    public var description: String {
        guard let dimensions else { return "\(elementType) of unknown rank" }
        return "\(elementType) [" + dimensions.map(\.description).joined(separator: ", ") + "]"
    }
}

/// The element type and shape of a value once the inputs' shapes are concrete.
package struct ConcreteFact: Sendable, Hashable {
    package var elementType: ElementType
    package var shape: Shape

    package init(_ elementType: ElementType, _ shape: Shape) {
        self.elementType = elementType
        self.shape = shape
    }
}

/// What an operator's shape rule sees of one operand.
package struct OperandFact: Sendable {
    package var fact: ConcreteFact

    /// The value itself where it is known before a run: an initialiser, or folded shape arithmetic.
    package var constant: ConstantTensor?

    /// Which value of the graph it is, for faults that would not be if its content were known.
    package var value: ValueID?

    package init(_ fact: ConcreteFact, constant: ConstantTensor? = nil, value: ValueID? = nil) {
        self.fact = fact
        self.constant = constant
        self.value = value
    }

    package init(_ constant: ConstantTensor) {
        self.fact = ConcreteFact(constant.elementType, constant.shape)
        self.constant = constant
    }

    package var elementType: ElementType { fact.elementType }
    package var shape: Shape { fact.shape }
}
