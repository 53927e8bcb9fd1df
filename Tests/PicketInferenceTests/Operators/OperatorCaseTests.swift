import PicketInference
import PicketTensor
import Testing

@Suite("Operators agree with onnxruntime")
struct OperatorCaseTests {
    /// Operators that hold graphs have tests of their own, in `Control`.
    static let holdingGraphs: Set = ["If", "Loop"]

    @Test("every operator has cases, and every case an operator")
    func complete() {
        let tested = Set(OperatorCase.all.compactMap(\.operatorName))
        #expect(tested.union(Self.holdingGraphs).sorted() == OperatorRegistry.standard.names())
    }

    @Test("the reference evaluation", arguments: OperatorCase.all)
    func reference(_ item: OperatorCase) throws {
        let constants = Set(item.inputs.indices)
        let graph = try item.graph(constants: constants)
        let node = graph.nodes[0]
        let operands = item.inputs.map { $0.map { OperandFact(ConstantTensor($0.tensor)) } }
        let results = try node.operation.infer(operands)
        try #require(results.count >= item.outputs.count)
        let outputs = try node.operation.evaluate(item.inputs.map { $0?.tensor }, results: results)
        for (index, expected) in item.outputs.enumerated() {
            guard let expected else { continue }
            #expect(results[index] == ConcreteFact(expected.tensor.elementType, Shape(expected.shape)))
            expectClose(outputs[index], expected.tensor, item.tolerance)
        }
    }

    @Test("the lowered node, on every ISA level and on two threads", arguments: OperatorCase.all)
    func lowered(_ item: OperatorCase) throws {
        // What the shape rule needs to know must be known; the rest is tried both ways.
        let variants = Set([Set(item.constant), Set(item.constant.filter { item.needsConstant($0) })])
        for constants in variants {
            let graph = try item.graph(constants: constants)
            for kernels in allKernels {
                let compiled = try CompiledGraph(graph, kernels: kernels)
                for threads in 1...2 {
                    let session = Session(compiled, threads: threads)
                    for _ in 0..<2 {
                        let outputs = try session.run(item.feeds(constants: constants))
                        for (id, expected) in zip(graph.outputs, item.outputs.compactMap { $0 }) {
                            let found = try #require(outputs[graph[id].name])
                            expectClose(found, expected.tensor, item.tolerance)
                        }
                    }
                }
            }
        }
    }

    private func expectClose(_ found: Tensor, _ expected: Tensor, _ tolerance: Float) {
        #expect(found.elementType == expected.elementType)
        #expect(found.shape == expected.shape)
        guard found.elementType == expected.elementType, found.shape == expected.shape else { return }
        guard found.elementType.isFloatingPoint else {
            let (left, right) = (found.withUnsafeBytes { Array($0) }, expected.withUnsafeBytes { Array($0) })
            #expect(left == right)
            return
        }
        let (left, right) = (numbers(found), numbers(expected))
        let wrong = left.indices.first { !isClose(left[$0], right[$0], tolerance) }
        #expect(wrong == nil, "element \(wrong ?? 0): \(left[wrong ?? 0]), expected \(right[wrong ?? 0])")
    }

    private func numbers(_ tensor: Tensor) -> [Double] {
        switch tensor.elementType {
        case .float64: tensor.elements(of: Double.self)
        case .float16: words(tensor).map { Double(Float16(bitPattern: $0)) }
        case .bfloat16: words(tensor).map { Double(Float(bitPattern: UInt32($0) << 16)) }
        default: tensor.elements(of: Float.self).map { Double($0) }
        }
    }

    private func words(_ tensor: Tensor) -> [UInt16] {
        tensor.withUnsafeBytes { Array($0.assumingMemoryBound(to: UInt16.self)) }
    }

    private func isClose(_ left: Double, _ right: Double, _ tolerance: Float) -> Bool {
        left == right || (left.isNaN && right.isNaN) || abs(left - right) <= Double(tolerance) * max(1, abs(right))
    }
}

extension OperatorCase {
    /// Whether the shape rule of the operator reads the content of an input.
    func needsConstant(_ input: Int) -> Bool {
        if let known { return known.contains(input) }
        return switch operatorName {
        case "Reshape", "Squeeze", "Unsqueeze", "ReduceMean", "Dropout": true
        case "Pad": input != 2
        default: false
        }
    }
}
