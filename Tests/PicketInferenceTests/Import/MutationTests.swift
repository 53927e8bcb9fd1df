import PicketInference
import PicketSchemas
import Testing

@Suite("Mutated model files")
struct MutationTests {
    /// A file with some bytes changed, cut, doubled or moved, the same for the same seed.
    static func mutated(_ file: [UInt8], seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        var bytes = file
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            let length = min(Int.random(in: 1...64, using: &random), bytes.count - at)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes[at] = [0x00, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
            case 3: bytes.removeSubrange(at..<at + length)
            case 4: bytes.insert(contentsOf: bytes[at..<at + length], at: at)
            case 5: bytes.removeSubrange(at...)
            case 6:
                let to = Int.random(in: 0...bytes.count - length, using: &random)
                let part = Array(bytes[at..<at + length])
                bytes.replaceSubrange(to..<to + length, with: part)
            default:
                // A number of five bytes where another stood: lengths and extents become huge.
                bytes.insert(contentsOf: [0xff, 0xff, 0xff, 0xff, 0x07], at: at)
            }
        }
        return bytes
    }

    /// A file in which the framing stays whole and a number, a type or a name changes: what reaches the operators.
    static func mutated(_ model: Onnx_ModelProto, seed: UInt64) -> Onnx_ModelProto {
        var random = SplitMix64(seed: seed)
        var model = model
        let numbers: [Int64] = [0, 1, 2, 3, 4, 5, 7, 8, 255, 65_536, 1 << 31, 1 << 40, .max, -1, -2, .min]
        func number(_ random: inout SplitMix64) -> Int64 { numbers.randomElement(using: &random) ?? 0 }
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let node = Int.random(in: 0..<model.graph.node.count, using: &random)
            let tensor = Int.random(in: 0..<model.graph.initializer.count, using: &random)
            switch Int.random(in: 0..<9, using: &random) {
            case 0:
                model.graph.node[node].opType = OperatorRegistry.standard.names().randomElement(using: &random) ?? ""
            case 1:
                let names = model.graph.node.flatMap(\.output) + model.graph.initializer.map(\.name)
                model.graph.node[node].input = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                    names.randomElement(using: &random) ?? ""
                }
            case 2:
                let count = Int.random(in: 0...4, using: &random)
                model.graph.initializer[tensor].dims = (0..<count).map { _ in number(&random) }
            case 3:
                model.graph.initializer[tensor].dataType = Int32.random(in: 0...16, using: &random)
            case 4:
                var shape = model.graph.initializer[tensor].dims
                shape.shuffle(using: &random)
                model.graph.initializer[tensor].dims = shape
            case 5:
                for index in model.graph.node[node].attribute.indices {
                    model.graph.node[node].attribute[index].i = number(&random)
                    model.graph.node[node].attribute[index].type = .int
                    model.graph.node[node].attribute[index].ints = []
                }
            case 6:
                for index in model.graph.node[node].attribute.indices {
                    let count = Int.random(in: 0...5, using: &random)
                    model.graph.node[node].attribute[index].ints = (0..<count).map { _ in number(&random) }
                    model.graph.node[node].attribute[index].type = .ints
                    model.graph.node[node].attribute[index].clearI()
                    model.graph.node[node].attribute[index].clearF()
                }
            case 7:
                let extents = ["N", "1", "2", "3", "8", "28", "2147483648", "H"]
                let count = Int.random(in: 0...5, using: &random)
                model.graph.input[0] = ModelBuilder.value(
                    "x",
                    (0..<count).map { _ in extents.randomElement(using: &random) ?? "1" }
                )
            default:
                model.opsetImport[0].version = Int64.random(in: 7...21, using: &random)
            }
        }
        return model
    }

    @Test("are imported or refused, never worse, and take little memory", arguments: [0, 1, 2, 3])
    func files(_ part: UInt64) async {
        await #expect(processExitsWith: .success) { [part] in
            let file = try Samples.cnn().bytes()
            // What a process takes for the first import at all.
            _ = try? Model(bytes: file)
            try PeakMemory.reset()
            let before = try PeakMemory.bytes()
            var refused = 0
            for seed in part * 250..<(part + 1) * 250 {
                do throws(ImportError) {
                    _ = try Model(bytes: MutationTests.mutated(file, seed: seed))
                } catch {
                    refused += 1
                    #expect(!error.description.isEmpty)
                }
            }
            #expect(refused > 50)
            #expect(try PeakMemory.bytes() - before < 16 << 20)
        }
    }

    @Test("with their framing whole are imported or refused, and take little memory", arguments: [0, 1, 2, 3])
    func models(_ part: UInt64) async {
        await #expect(processExitsWith: .success) { [part] in
            let model = try Samples.cnn()
            _ = try? Model(bytes: model.bytes())
            try PeakMemory.reset()
            let before = try PeakMemory.bytes()
            var outcomes = (imported: 0, refused: 0)
            for seed in part * 250..<(part + 1) * 250 {
                let bytes = try MutationTests.mutated(model, seed: seed).bytes()
                do throws(ImportError) {
                    _ = try Model(bytes: bytes)
                    outcomes.imported += 1
                } catch {
                    outcomes.refused += 1
                }
            }
            // Both happen, or the mutations test nothing.
            #expect(outcomes.imported > 5 && outcomes.refused > 50)
            #expect(try PeakMemory.bytes() - before < 64 << 20)
        }
    }
}
