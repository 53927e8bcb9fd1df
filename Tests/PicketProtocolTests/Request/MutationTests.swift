import PicketProtocol
import PicketTensor
import Testing

/// Bodies that were sound once: whatever is done to them, they are decoded or refused with a sentence.
@Suite struct MutationTests {
    private static let json =
        Array(
            #"{"id":"a","parameters":{"binary_data_output":true,"timeout":1000},"inputs":[{"name":"x","shape":[2,4],"#
                .utf8
        )
        + Array(#""datatype":"FP32","data":[[1.5,-2e3,0.25,4],[5,6,7,1e-7]]}],"outputs":[{"name":"y"}]}"#.utf8)

    private static let binaryHeader = Array(
        #"{"inputs":[{"name":"x","shape":[2,4],"datatype":"FP32","parameters":{"binary_data_size":32}}]}"#.utf8
    )

    private static let binary =
        binaryHeader
        + [Float](repeating: 0.5, count: 8).flatMap { value in withUnsafeBytes(of: value) { Array($0) } }

    /// Pieces that hostile text is made of.
    private static let pieces: [[UInt8]] =
        [
            "[", "]", "{", "}", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "NaN", "-", "1e999", "null", "true", "-1",
            "0",
            "18446744073709551616", "9223372036854775807", "\"data\"", "\"name\"", "\"inputs\"", "[[[[[[[[", " ", "\n",
            "\0",
        ].map { Array($0.utf8) } + [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]

    private static func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let at = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(at + Int.random(in: 0...8, using: &generator), bytes.count)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes.removeSubrange(at..<end)
            case 1: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: at)
            case 2: bytes.replaceSubrange(at..<end, with: pieces.randomElement(using: &generator) ?? [])
            case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
            case 4: bytes.removeSubrange(at...)
            default: if at < bytes.count { bytes[at] = UInt8.random(in: 0...255, using: &generator) }
            }
        }
        return bytes
    }

    @Test(arguments: 0..<20)
    func jsonBodies(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var refused = 0
        for _ in 0..<200 {
            let body = MutationTests.mutated(MutationTests.json, &generator)
            if !MutationTests.isDecoded(body, headerLength: nil) { refused += 1 }
        }
        #expect(refused > 50, "mutations do damage")
    }

    @Test(arguments: 0..<20)
    func binaryBodies(seed: UInt64) {
        var generator = SeededGenerator(seed: seed + 1000)
        var refused = 0
        for round in 0..<200 {
            var body = MutationTests.mutated(MutationTests.binary, &generator)
            // Half of them are hit in the header, half in either part.
            if round.isMultiple(of: 2) {
                body =
                    MutationTests.mutated(MutationTests.binaryHeader, &generator)
                    + MutationTests.binary[MutationTests.binaryHeader.count...]
            }
            let length = Int.random(in: 0...120, using: &generator)
            let headerLength = round.isMultiple(of: 3) ? length : MutationTests.binaryHeader.count
            if !MutationTests.isDecoded(body, headerLength: headerLength) { refused += 1 }
        }
        #expect(refused > 50, "mutations do damage")
    }

    @Test func theUnharmedAreDecoded() {
        #expect(MutationTests.isDecoded(MutationTests.json, headerLength: nil))
        #expect(MutationTests.isDecoded(MutationTests.binary, headerLength: MutationTests.binaryHeader.count))
    }

    private static func isDecoded(_ bytes: [UInt8], headerLength: Int?) -> Bool {
        var asked: [Int] = []
        do throws(Refusal) {
            let request = try InferRequestDecoder(model: Models.sum).decode(
                RequestBody(bytes),
                headerLength: headerLength
            ) {
                asked.append($0)
                return true
            }
            // What was decoded is what the model wants, and bounded by what came.
            #expect(request.inputs.map(\.name) == ["x"])
            for input in request.inputs {
                #expect(input.tensor.elementType == .float32)
                #expect(input.tensor.shape.dimensions.dropFirst() == [4])
                let elements: [Float] = input.tensor.elements()
                #expect(elements.allSatisfy { $0.isFinite })
            }
        } catch {
            #expect(!error.message.isEmpty)
            #expect(error.message.utf8.count < 1000)
        }
        #expect(asked.count <= 1)
        #expect(asked.allSatisfy { $0 <= 4 * bytes.count })
        return !asked.isEmpty
    }
}
