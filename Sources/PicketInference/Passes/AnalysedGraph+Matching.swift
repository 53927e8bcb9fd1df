internal import PicketTensor

/// What passes that look for a formula in a graph ask of it.
extension AnalysedGraph {
    /// The node that makes a value, and its index.
    func maker(of value: ValueID?) -> (index: Int, node: Node)? {
        guard let value, let index = producers[value] else { return nil }
        return (index, graph.nodes[index])
    }

    /// The one number of a float32 constant.
    func scalar(_ value: ValueID?) -> Float? {
        guard let value, let constant = graph.constants[value], constant.elementType == .float32,
            constant.shape.elementCount == 1
        else { return nil }
        return constant.tensor().elements(of: Float.self)[0]
    }

    /// Whether two values are float32 and of one shape, at every batch size looked at.
    func agree(_ left: ValueID, _ right: ValueID) -> Bool {
        let facts = facts(left)
        return !facts.isEmpty && facts == self.facts(right) && facts.allSatisfy { $0.elementType == .float32 }
    }

    /// Whether nothing but the nodes themselves reads what they make, the last one's results aside.
    func isClosed(_ nodes: Set<Int>, endingAt last: Int) -> Bool {
        nodes.subtracting([last]).allSatisfy { index in
            graph.nodes[index].outputs.allSatisfy { output in
                guard let output else { return true }
                return !isSeen(output) && (consumers[output] ?? []).allSatisfy(nodes.contains)
            }
        }
    }
}

/// A product taken apart: number · value · value · …
struct Factors {
    /// More than any formula looked for has; a bound for long products.
    private static let maximumNodes = 8

    private(set) var number: Float = 1
    private(set) var values: [ValueID] = []
    /// The products and quotients that it was made by.
    private(set) var nodes: Set<Int> = []

    /// The factors of a value, itself where nothing multiplies it.
    ///
    /// - Parameter isWhole: values that are factors as they are, however they are made.
    init(of value: ValueID, _ analysed: AnalysedGraph, whole isWhole: Set<ValueID> = []) {
        take(value, analysed, isWhole, isRoot: true)
    }

    private mutating func take(_ value: ValueID, _ analysed: AnalysedGraph, _ isWhole: Set<ValueID>, isRoot: Bool) {
        if let scalar = analysed.scalar(value) {
            number *= scalar
            return
        }
        guard !isWhole.contains(value), nodes.count < Self.maximumNodes, let (index, node) = analysed.maker(of: value),
            node.inputs.count == 2,
            let left = node.inputs[0], let right = node.inputs[1],
            isRoot || analysed.soleConsumer(of: node) != nil
        else { return values.append(value) }
        if node.operation is Mul {
            nodes.insert(index)
            take(left, analysed, isWhole, isRoot: false)
            take(right, analysed, isWhole, isRoot: false)
        } else if node.operation is Div, let divisor = analysed.scalar(right) {
            nodes.insert(index)
            number /= divisor
            take(left, analysed, isWhole, isRoot: false)
        } else {
            values.append(value)
        }
    }

    /// The other of two factors, where one of them is `value` and the number about as expected.
    func other(than value: ValueID, times expected: Float) -> ValueID? {
        guard values.count == 2, isAbout(expected), let position = values.firstIndex(of: value) else { return nil }
        return values[1 - position]
    }

    /// Whether the number is the expected one as exporters write it, rounded here and there.
    func isAbout(_ expected: Float) -> Bool { (number - expected).magnitude <= 1e-5 * expected.magnitude }
}
