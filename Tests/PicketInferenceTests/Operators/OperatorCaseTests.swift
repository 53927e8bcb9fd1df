import PicketInference
import PicketTensor
import Testing

@Suite("Operators agree with onnxruntime")
struct OperatorCaseTests {
    @Test("every operator has cases, and every case an operator")
    func complete() {
        let tested = Set(OperatorCase.all.compactMap(\.operatorName))
        #expect(tested.sorted() == OperatorRegistry.standard.names())
    }

    @Test("the reference evaluation", arguments: OperatorCase.all)
    func reference(_ item: OperatorCase) throws {
        let constants = Set(item.inputs.indices)
        let graph = try item.graph(constants: constants)
        let node = graph.nodes[0]
        let operands = item.inputs.map { $0.map { OperandFact(ConstantTensor($0.tensor)) } }
        let results = try node.operation.infer(operands)
        #expect(results.first == ConcreteFact(item.output.tensor.elementType, Shape(item.output.shape)))
        let outputs = try node.operation.evaluate(item.inputs.map { $0?.tensor }, results: results)
        expectClose(try #require(outputs.first), item.output.tensor, item.tolerance)
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
                        expectClose(try #require(outputs.values.first), item.output.tensor, item.tolerance)
                    }
                }
            }
        }
    }

    private func expectClose(_ found: Tensor, _ expected: Tensor, _ tolerance: Float) {
        #expect(found.elementType == expected.elementType)
        #expect(found.shape == expected.shape)
        guard found.elementType == expected.elementType, found.shape == expected.shape else { return }
        guard found.elementType == .float32 else {
            let (left, right) = (found.withUnsafeBytes { Array($0) }, expected.withUnsafeBytes { Array($0) })
            #expect(left == right)
            return
        }
        let (left, right) = (found.elements(of: Float.self), expected.elements(of: Float.self))
        let wrong = left.indices.first { !isClose(left[$0], right[$0], tolerance) }
        #expect(wrong == nil, "element \(wrong ?? 0): \(left[wrong ?? 0]), expected \(right[wrong ?? 0])")
    }

    private func isClose(_ left: Float, _ right: Float, _ tolerance: Float) -> Bool {
        left == right || (left.isNaN && right.isNaN) || abs(left - right) <= tolerance * max(1, abs(right))
    }
}

extension OperatorCase {
    /// Whether the shape rule of the operator reads the content of an input.
    func needsConstant(_ input: Int) -> Bool {
        switch operatorName {
        case "Reshape", "Squeeze", "Unsqueeze", "ReduceMean", "Dropout": true
        case "Pad": input != 2
        default: false
        }
    }
}
