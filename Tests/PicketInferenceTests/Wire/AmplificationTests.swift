import PicketInference
import PicketSchemas
import SwiftProtobuf
import Testing

@Suite("Amplification")
struct AmplificationTests {
    /// `count` copies of a field inside nested messages given by their field numbers, outermost first.
    private static func repeated(_ field: [UInt8], _ count: Int, inside path: [UInt8]) -> [UInt8] {
        var content = (0..<count).flatMap { _ in field }
        for number in path.reversed() { content = [number << 3 | 2] + varint(content.count) + content }
        return content
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        repeat {
            bytes.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }

    struct Bomb: Sendable, CustomTestStringConvertible {
        let name: String
        let field: [UInt8]
        let path: [UInt8]
        var testDescription: String { name }
    }

    static let bombs = [
        Bomb(name: "empty attributes", field: [0x2a, 0], path: [7, 1]),
        Bomb(name: "empty nodes", field: [0x0a, 0], path: [7]),
        Bomb(name: "empty initializers", field: [0x2a, 0], path: [7]),
        Bomb(name: "empty graph inputs", field: [0x5a, 0], path: [7]),
        Bomb(name: "empty extents", field: [0x0a, 0], path: [7, 11, 2, 1, 2]),
        Bomb(name: "empty nodes of a graph inside", field: [0x0a, 0], path: [7, 1, 5, 6]),
        Bomb(name: "empty graphs inside", field: [0x2a, 2, 0x32, 0], path: [7, 1]),
        Bomb(name: "empty names of node inputs", field: [0x0a, 0], path: [7, 1]),
        Bomb(name: "empty strings of an attribute", field: [0x4a, 0], path: [7, 1, 5]),
        Bomb(name: "ints of an attribute, one by one", field: [0x40, 0], path: [7, 1, 5]),
        Bomb(name: "dims of a tensor, one by one", field: [0x08, 0], path: [7, 5]),
        Bomb(name: "int64_data, one by one", field: [0x38, 0], path: [7, 5]),
        Bomb(name: "entries of external data", field: [0x6a, 0], path: [7, 5]),
        Bomb(name: "opset imports", field: [0x42, 0], path: []),
    ]

    @Test("ten megabytes of small parts are refused before they are decoded", arguments: bombs)
    func refused(_ bomb: Bomb) {
        let bytes = Self.repeated(bomb.field, 5 << 20, inside: bomb.path)
        do {
            _ = try scanned(bytes)
            Issue.record("scanned")
        } catch {
            switch error.reason {
            case .amplification, .tooMany: break
            default: Issue.record("refused for another reason: \(error)")
            }
        }
    }

    @Test("what passes the scanner decodes within the bytes that the scanner says", arguments: bombs.indices)
    func estimate(_ index: Int) async {
        await #expect(processExitsWith: .success) { [index] in
            let bomb = AmplificationTests.bombs[index]
            // The largest count that passes, by halving.
            var (passes, fails) = (0, 5 << 20)
            while fails - passes > 1 {
                let middle = (passes + fails) / 2
                let bytes = AmplificationTests.repeated(bomb.field, middle, inside: bomb.path)
                if (try? scanned(bytes)) == nil {
                    fails = middle
                } else {
                    passes = middle
                }
                if fails - passes < 1 << 8 { break }
            }
            let bytes = AmplificationTests.repeated(bomb.field, passes, inside: bomb.path)
            let skeleton = try scanned(bytes)
            // The decoder's own pages are mapped by now, so that what is measured is the message's.
            _ = try Onnx_ModelProto(
                serializedBytes: scanned(AmplificationTests.repeated(bomb.field, 1, inside: bomb.path)).bytes,
                partial: true
            )
            try PeakMemory.reset()
            let before = try PeakMemory.bytes()
            let model = try Onnx_ModelProto(serializedBytes: skeleton.bytes, partial: true)
            let spent = try PeakMemory.bytes() - before
            withExtendedLifetime(model) {}
            #expect(spent <= skeleton.tally.decodedBytes + 1 << 20, "\(bomb.name): \(passes) parts")
        }
    }
}
