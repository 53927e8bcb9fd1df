import Foundation
import PicketInference
import PicketTensor
import Testing

/// The cases of all operators with something about each changed: numbers of attributes and operands, shapes, types, opsets.
///
/// Random nodes rarely get past the first check; a node that nearly fits gets far.
@Suite("No nearly right node traps")
struct OperatorMutationTests {
    /// Tables and results of a mutated node may be as large as a model may ask for; the tests stay below.
    private static let arenaBytes = 32 << 20

    @Test("whatever is changed", arguments: 0..<16)
    func mutated(seed: Int) throws {
        var random = NodeRandom(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 99)
        var (made, shaped, ran) = (0, 0, 0)
        let cases = OperatorCase.all
        for _ in 0..<600 {
            var item = random.pick(cases)
            for _ in 0...random.below(2) { mutate(&item, &random) }
            let constants = Set(random.below(2) == 0 ? item.constant : item.known ?? item.constant)
            guard let graph = try? item.graph(constants: constants) else { continue }
            made += 1
            guard let compiled = try? CompiledGraph(graph, kernels: random.pick(allKernels)) else { continue }
            shaped += 1
            let feeds = item.feeds(constants: constants)
            let shapes = graph.inputs.compactMap { feeds[graph[$0].name]?.shape }
            guard let plan = try? compiled.plan(inputs: shapes), plan.arenaBytes <= Self.arenaBytes,
                (try? Session(compiled, threads: 1).run(feeds)) != nil
            else { continue }
            ran += 1
        }
        // Mutants that all fail early would prove nothing.
        #expect(made > 200 && shaped > 100 && ran > 60, "\(made) made, \(shaped) shaped, \(ran) ran")
    }

    private func mutate(_ item: inout OperatorCase, _ random: inout NodeRandom) {
        switch random.below(6) {
        case 0, 1: mutateAttribute(&item, &random)
        case 2, 3: mutateNumbers(&item, &random)
        case 4: mutateShape(&item, &random)
        default:
            switch random.below(3) {
            case 0: item.opset = 7 + random.below(15)
            case 1 where !item.inputs.isEmpty: item.inputs[random.below(item.inputs.count)] = nil
            default: item.further = random.below(2) == 0 ? nil : [item.output]
            }
        }
    }

    private func mutateAttribute(_ item: inout OperatorCase, _ random: inout NodeRandom) {
        guard let name = item.attributes.keys.sorted().randomPick(random.below(1 << 20)) else { return }
        if item.attributes[name]?.int != nil { item.attributes[name]?.int = random.number() }
        if item.attributes[name]?.float != nil {
            item.attributes[name]?.float = random.pick([0, -1, .nan, .infinity, 1e30])
        }
        guard var list = item.attributes[name]?.ints else { return }
        switch random.below(3) {
        case 0 where !list.isEmpty: list.removeLast()
        case 1: list.append(random.number())
        default: if !list.isEmpty { list[random.below(list.count)] = random.number() }
        }
        item.attributes[name]?.ints = list
    }

    /// Puts another number into an operand, or its bytes.
    private func mutateNumbers(_ item: inout OperatorCase, _ random: inout NodeRandom) {
        guard !item.inputs.isEmpty else { return }
        let index = random.below(item.inputs.count)
        guard var operand = item.inputs[index], !operand.data.isEmpty else { return }
        if operand.type == "int64" {
            let place = random.below(operand.data.count / 8) * 8
            withUnsafeBytes(of: random.number()) { bytes in
                for offset in 0..<8 { operand.data[operand.data.startIndex + place + offset] = bytes[offset] }
            }
        } else {
            let place = random.below(operand.data.count)
            operand.data[operand.data.startIndex + place] = UInt8(random.below(256))
            if operand.type == "bool" { operand.data[operand.data.startIndex + place] &= 1 }
        }
        item.inputs[index] = operand
    }

    /// Gives an operand another shape or type, filled with zeros.
    private func mutateShape(_ item: inout OperatorCase, _ random: inout NodeRandom) {
        guard !item.inputs.isEmpty else { return }
        let index = random.below(item.inputs.count)
        guard var operand = item.inputs[index] else { return }
        switch random.below(4) {
        case 0 where !operand.shape.isEmpty: operand.shape.removeLast()
        case 1 where operand.shape.count < 6: operand.shape.append(random.pick([0, 1, 2]))
        case 2: operand.type = random.pick(ElementType.allCases).rawValue
        default:
            if !operand.shape.isEmpty {
                operand.shape[random.below(operand.shape.count)] = random.pick([0, 1, 2, 3, 5])
            }
        }
        let size = ElementType(rawValue: operand.type)?.byteCount ?? 1
        operand.data = .init(count: operand.shape.reduce(size, *))
        item.inputs[index] = operand
    }
}

extension Array {
    /// An element, chosen by a number; nil where there is none.
    fileprivate func randomPick(_ number: Int) -> Element? { isEmpty ? nil : self[number % count] }
}

extension NodeRandom {
    fileprivate mutating func number() -> Int64 {
        pick([
            0, 1, 2, 3, -1, -2, 4, 7, 100, 1 << 20, 1 << 24, 1 << 31, 1 << 40, Int64.max, Int64.min, Int64.min + 1,
        ])
    }
}
