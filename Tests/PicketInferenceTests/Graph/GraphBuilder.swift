import PicketInference
import PicketTensor

/// Graphs for tests, a node a line.
struct GraphBuilder {
    private(set) var graph = Graph()

    mutating func input(_ name: String, type: ElementType = .float32, _ dimensions: [Dimension]) -> ValueID {
        let id = graph.addValue(name, declared: TensorFact(type, dimensions))
        graph.inputs.append(id)
        return id
    }

    mutating func constant(_ tensor: Tensor) -> ValueID {
        graph.addConstant("constant \(graph.values.count)", ConstantTensor(tensor))
    }

    mutating func constant(_ values: [Int64]) -> ValueID {
        constant(Tensor(values, shape: Shape([values.count])))
    }

    /// Numbers that look random, the same each time.
    mutating func weights(_ shape: Int..., seed: UInt64 = 1) -> ValueID {
        constant(Tensor(randomFloats(shape.reduce(1, *), seed: seed), shape: Shape(shape)))
    }

    /// Adds a node with one result.
    mutating func node(
        _ name: String,
        _ inputs: [ValueID?],
        attributes: [String: AttributeValue] = [:],
        opset: Int = 17
    ) throws -> ValueID {
        guard let result = try node(name, inputs, attributes: attributes, opset: opset, results: [true])[0] else {
            preconditionFailure("the one result is wanted")
        }
        return result
    }

    /// Adds a node with the results that are wanted.
    mutating func node(
        _ name: String,
        _ inputs: [ValueID?],
        attributes: [String: AttributeValue] = [:],
        opset: Int = 17,
        results: [Bool]
    ) throws -> [ValueID?] {
        let operation = try OperatorRegistry.standard.make(
            domain: "",
            name: name,
            node: NodeDescription(
                attributes: NodeAttributes(attributes),
                opset: opset,
                inputs: inputs.map { $0 != nil },
                outputs: results
            )
        )
        return add(operation, inputs, results: results)
    }

    private mutating func add(_ operation: any Operator, _ inputs: [ValueID?], results: [Bool]) -> [ValueID?] {
        let name = "node \(graph.nodes.count)"
        var outputs: [ValueID?] = []
        for (index, isWanted) in results.enumerated() {
            outputs.append(isWanted ? graph.addValue("\(name) result\(index == 0 ? "" : " \(index)")") : nil)
        }
        graph.nodes.append(Node(name: name, operation: operation, inputs: inputs, outputs: outputs))
        return outputs
    }

    func finish(_ outputs: [ValueID]) -> Graph {
        var graph = graph
        graph.outputs = outputs
        return graph
    }
}

/// Uniform numbers in -1 ..< 1 from a 64-bit linear congruential generator.
func randomFloats(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 33)) / Float(1 << 30) - 1
    }
}

/// The kernel tables that can run on this machine.
let allKernels: [KernelTable] = KernelTable.availableLevels.compactMap { try? KernelTable(named: $0) }
