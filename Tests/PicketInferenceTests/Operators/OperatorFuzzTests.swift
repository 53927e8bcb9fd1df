import PicketInference
import PicketTensor
import Testing

/// Random nodes: an operator, attributes of its names with any values, operands of any shapes and types.
@Suite("No node traps")
struct OperatorFuzzTests {
    @Test("whatever its attributes and operands are", arguments: 0..<40)
    func random(seed: Int) throws {
        var random = NodeRandom(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 12345)
        var (made, shaped, ran) = (0, 0, 0)
        let types = OperatorRegistry.standard.names()
        for _ in 0..<1500 {
            let name = random.pick(types)
            guard let graph = graph(name, &random) else { continue }
            made += 1
            guard let compiled = try? CompiledGraph(graph, kernels: random.pick(allKernels)) else { continue }
            shaped += 1
            var feeds: [String: Tensor] = [:]
            for id in graph.inputs {
                let fact = try #require(graph[id].declared)
                let shape = Shape((fact.dimensions ?? []).map { $0.extent ?? 1 })
                feeds[graph[id].name] = Tensor(zeros: fact.elementType, shape: shape)
            }
            guard (try? Session(compiled, threads: 1).run(feeds)) != nil else { continue }
            ran += 1
        }
        // Random nodes that all fail early would prove nothing.
        #expect(made > 500, "\(made) made, \(shaped) shaped, \(ran) ran")
        #expect(shaped > 200 && ran > 100, "\(made) made, \(shaped) shaped, \(ran) ran")
    }

    private func graph(_ name: String, _ random: inout NodeRandom) -> Graph? {
        var builder = GraphBuilder()
        // As many operands as the operator takes, a few of any number.
        let count = min(OperatorRegistry.standard.signatures(name: name)[0].inputs.upperBound, random.pick([2, 3, 5]))
        let common = random.shape()
        let channels = random.pick([1, 2, 4])
        let templates: [String: [[Int]]] = [
            "Conv": [[2, channels, 5, 6], [4, channels, random.pick([1, 2, 3]), 3], [4]],
            "MaxPool": [[2, 3, 5, 6]], "AveragePool": [[1, 2, 7, 4]], "GlobalAveragePool": [[2, 3, 4, 4]],
            "BatchNormalization": [[2, 3, 4], [3], [3], [3], [3]],
            "LayerNormalization": [[2, 3, 4], [4], [4]], "InstanceNormalization": [[2, 3, 4], [3], [3]],
            "GroupNormalization": [[2, 4, 3], [4], [4]], "LRN": [[1, 3, 4, 2]],
            "Gemm": [[2, 4], [4, 4], [4]], "MatMul": [[2, 3, 4, 4], [random.pick([1, 2]), 1, 4, 4]],
        ]
        let type = random.pick(
            [.float32, .float32, .float32, .float32, .int64, .uint8, .int8, .bool, .float16, .bfloat16, .float64]
                as [ElementType]
        )
        let operands: [ValueID?] = (0..<max(count - random.below(2), min(count, 1))).map { index in
            if random.below(12) == 0 { return nil }
            let fitting = templates[name].map { $0[min(index, $0.count - 1)] }.map { Shape($0) }
            let shape = random.below(3) > 0 ? fitting ?? common : random.shape()
            switch random.below(4) {
            case 0 where index > 0:
                return builder.constant((0..<random.pick([1, 2, 2, 3, 4])).map { _ in random.small() })
            case 1: return builder.constant(Tensor(zeros: type, shape: shape))
            default: return builder.input("x\(index)", type: type, shape.dimensions.map(Dimension.known))
            }
        }
        var attributes: [String: AttributeValue] = [:]
        let usual = ["kernel_shape", "to", "axis"]
        for attribute in OperatorRegistry.standard.signatures(name: name)[0].attributes.sorted()
        where random.below(usual.contains(attribute) ? 2 : 6) == 0 {
            attributes[attribute] = random.attribute(attribute)
        }
        guard
            let result = try? builder.node(
                name,
                operands,
                attributes: attributes,
                opset: random.pick([7, 11, 13, 18, 21])
            )
        else { return nil }
        return builder.finish([result])
    }
}

extension NodeRandom {
    fileprivate mutating func number() -> Int64 {
        pick([0, 1, 2, 3, -1, -2, 5, 7, below(20) - 10, 1 << 20, 1 << 31, Int.max, Int.min].map(Int64.init))
    }

    fileprivate mutating func small() -> Int64 { below(4) == 0 ? number() : Int64(below(4)) }

    fileprivate mutating func shape() -> Shape {
        let extents = (0..<pick([0, 1, 2, 2, 3, 3, 4, 4, 4, 5])).map { _ in pick([0, 1, 1, 2, 3, 3, 4, 6]) }
        return Shape(extents)
    }

    fileprivate mutating func attribute(_ name: String) -> AttributeValue {
        switch below(12) {
        case 0: return .string(pick(["reflect", "edge", "wrap", "SAME_UPPER", "SAME_LOWER", "VALID", "x", ""]))
        case 1: return .float(pick([0, 1, -1, .nan, .infinity, 0.5]))
        case 2: return .unsupported("GRAPH")
        case 3: return .floats([1, 2])
        case 4: return .tensor(ConstantTensor(Tensor([Float(1), 2], shape: Shape([2]))))
        case 5, 6: return .int(small())
        default:
            let lists = ["axes", "perm", "pads", "strides", "dilations", "kernel_shape", "value_ints"]
            if name == "auto_pad" { return .string(pick(["SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"])) }
            if name == "mode" { return .string(pick(["reflect", "edge", "wrap", "constant"])) }
            guard lists.contains(name) else { return .int(Int64(below(3))) }
            let count = name == "pads" ? 4 : pick([1, 2, 2, 2, 3, 4])
            return .ints((0..<count).map { _ in name == "pads" ? Int64(below(3)) : small() })
        }
    }
}
