import PicketTensor

/// What a scattered element does to the one in its place (ONNX attribute `reduction`).
enum ScatterReduction: String, Sendable {
    case replace = "none"
    case add
    case multiply = "mul"
    case minimum = "min"
    case maximum = "max"

    init(_ node: NodeDescription) throws(OperatorFault) {
        let name = try node.attributes.string("reduction") ?? "none"
        guard let reduction = Self(rawValue: name), node.opset >= reduction.firstOpset else {
            throw OperatorFault("attribute reduction is \"\(name)\", which opset \(node.opset) does not have")
        }
        self = reduction
    }

    private var firstOpset: Int {
        switch self {
        case .replace: 7
        case .add, .multiply: 16
        case .minimum, .maximum: 18
        }
    }

    @inline(__always)
    func combine<Format: NumberFormat>(_ old: Format.Stored, _ new: Format.Stored, _: Format.Type) -> Format.Stored {
        let (left, right) = (Format.load(old), Format.load(new))
        switch self {
        case .replace: return new
        case .add: return Format.store(Format.add(left, right))
        case .multiply: return Format.store(Format.multiply(left, right))
        // NaN on either side stays.
        case .minimum: return Format.isNaN(left) || left < right ? old : new
        case .maximum: return Format.isNaN(left) || left > right ? old : new
        }
    }
}

/// Writes blocks of updates into a copy of the data, one after the other.
struct ScatterWriter: FormatVisitor {
    /// Positions of blocks in the order of the updates.
    typealias Positions =
        @Sendable (
            _ indices: UnsafeRawPointer,
            _ visit: (_ update: Int, _ offset: Int) -> Void
        ) throws(OperatorFault) -> Void

    var reduction: ScatterReduction
    var bytes: Int
    /// Elements of one update, which lie together.
    var block: Int
    var updates: Int
    var positions: Positions

    func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
        let (reduction, bytes, block, positions) = (reduction, bytes, block, positions)
        return Movement(cost: Double(bytes) * Cost.copiedByte + Double(updates) * 3 * Cost.element) {
            (memory, _) throws(OperatorFault) in
            let result = memory.result(as: Format.Stored.self)
            memory.result.copyMemory(from: memory.operand(0), byteCount: bytes)
            let source = memory.operand(2, as: Format.Stored.self)
            try positions(memory.operand(1)) { update, offset in
                for element in 0..<block {
                    let new = source[update * block + element]
                    result[offset + element] = reduction.combine(result[offset + element], new, Format.self)
                }
            }
        }
    }

    /// The movement for a type; bool has no arithmetic but can be replaced.
    func movement(_ elementType: ElementType) throws(OperatorFault) -> Movement {
        guard elementType == .bool else { return try elementType.visit(self) }
        guard reduction == .replace else {
            throw OperatorFault("attribute reduction is \"\(reduction.rawValue)\", which bool does not have")
        }
        return try visit(IntegerFormat<UInt8>.self)
    }
}
