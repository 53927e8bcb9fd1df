import Foundation
import NIOCore
import NIOHTTP1
import PicketProtocol
import PicketTensor
import Testing

@Suite struct ReplyEncodingTests {
    private static func text(_ tensor: Tensor) throws -> String {
        let reply = InferReply(
            model: "m\u{1}\"",
            version: "1",
            id: "é\n\\",
            outputs: [InferTensor(name: "y", tensor: tensor)],
            parameters: [("picket_verdict", "pass")]
        )
        var admitted = 0
        let body = try reply.encoded(ReplyForm(binaryByDefault: false)) {
            admitted = $0
            return true
        }.body
        #expect(body.readableBytes <= admitted, "no more than was asked for")
        return String(buffer: body)
    }

    @Test func isJSONWhateverTheNames() throws {
        let text = try ReplyEncodingTests.text(Tensor([Float(1)], shape: Shape([1, 1])))
        let parsed = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(parsed["model_name"] as? String == "m\u{1}\"")
        #expect(parsed["id"] as? String == "é\n\\")
    }

    @Test(arguments: [
        (Float.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
        (0.1, "0.1"), (-0.0, "-0.0"), (.leastNonzeroMagnitude, "1e-45"), (.greatestFiniteMagnitude, "3.4028235e+38"),
        (16_777_216, "16777216.0"), (100, "100.0"),
    ])
    func writesFloats(_ value: Float, _ expected: String) throws {
        let text = try ReplyEncodingTests.text(Tensor([value], shape: Shape([1])))
        #expect(text.contains(#""data":[\#(expected)]"#), "\(text)")
    }

    @Test func writesHalfWidthFloats() throws {
        let patterns: [UInt16] = [0x3c00, 0xc100, 0x7c00, 0x0001]
        let half = try patterns.withUnsafeBytes { try Tensor(.float16, shape: Shape([4]), copying: $0) }
        let text = try ReplyEncodingTests.text(half)
        #expect(text.contains(#""data":[1.0,-2.5,null,5.9604645e-08]"#))
        let brain = try [UInt16(0x3f80), 0xc020].withUnsafeBytes {
            try Tensor(.bfloat16, shape: Shape([2]), copying: $0)
        }
        #expect(try ReplyEncodingTests.text(brain).contains(#""data":[1.0,-2.5]"#))
    }

    @Test func readsBackWhatItWrites() throws {
        var generator = SeededGenerator(seed: 3)
        let values = (0..<300).map { _ in Float(bitPattern: UInt32.random(in: 0..<0x7f80_0000, using: &generator)) }
        let reply = InferReply(
            model: "m",
            version: "1",
            id: nil,
            outputs: [InferTensor(name: "y", tensor: Tensor(values, shape: Shape([300])))]
        )
        for isBinary in [false, true] {
            let encoded = try reply.encoded(ReplyForm(binaryByDefault: isBinary)) { _ in true }
            let head = HTTPResponseHead(version: .http1_1, status: encoded.status, headers: encoded.headers)
            guard case .answered(let outputs, _) = try InferResponse(head, body: encoded.body) else {
                Issue.record("expected an answer")
                return
            }
            #expect(outputs[0].tensor.elements(of: Float.self) == values)
        }
    }

    /// As one buffer the outputs would be 4 GiB, or 1 GiB and a little.
    @Test(arguments: [256, 64])
    func refusesWhatNoBufferHolds(_ count: Int) {
        let tensor = Tensor(zeros: .uint8, shape: Shape([1 << 24]))
        let outputs = (0..<count).map { InferTensor(name: "y\($0)", tensor: tensor) }
        let reply = InferReply(model: "m", version: "1", id: "7", outputs: outputs)
        for isBinary in [false, true] {
            #expect {
                try reply.encoded(ReplyForm(binaryByDefault: isBinary)) { _ in
                    Issue.record("nothing is asked for")
                    return false
                }
            } throws: { error in
                (error as? Refusal)?.reason == .tooLarge && (error as? Refusal)?.id == "7"
            }
        }
    }

    @Test func asksBeforeItTakesMemory() {
        let outputs = [InferTensor(name: "y", tensor: Tensor([Float(1)], shape: Shape([1])))]
        let reply = InferReply(model: "m", version: "1", id: "7", outputs: outputs)
        #expect {
            try reply.encoded(ReplyForm(binaryByDefault: false)) { _ in false }
        } throws: { error in
            (error as? Refusal)?.reason == .busy && (error as? Refusal)?.id == "7"
        }
    }

    /// The longest elements of each type, and as many of them that their bound counts.
    @Test func neverTakesMoreThanItAskedFor() throws {
        let longest: [Tensor] = [
            repeated(UInt8.max), repeated(UInt16.max), repeated(UInt32.max), repeated(UInt64.max),
            repeated(Int8.min), repeated(Int16.min), repeated(Int32.min), repeated(Int64.min),
            repeated(-Float.leastNormalMagnitude), repeated(Float(-0.00010000012)), repeated(Float(-16_777_215)),
            repeated(-Double.leastNormalMagnitude), repeated(-0.00012345678901234567),
            repeated(-9_007_199_254_740_991.0), Tensor(zeros: .bool, shape: Shape([1000])),
        ]
        for tensor in longest { _ = try ReplyEncodingTests.text(tensor) }
    }

    private func repeated<Element: TensorElement>(_ element: Element) -> Tensor {
        Tensor([Element](repeating: element, count: 1000), shape: Shape([1000]))
    }
}
