import Foundation
import NIOCore
import NIOHTTP1
import PicketProtocol
import PicketTensor
import Testing

@Suite struct ReplyEncodingTests {
    private static func text(_ tensor: Tensor) -> String {
        let reply = InferReply(
            model: "m\u{1}\"",
            version: "1",
            id: "é\n\\",
            outputs: [InferTensor(name: "y", tensor: tensor)],
            parameters: [("picket_verdict", "pass")]
        )
        return String(buffer: reply.encoded(ReplyForm(binaryByDefault: false)).body)
    }

    @Test func isJSONWhateverTheNames() throws {
        let text = ReplyEncodingTests.text(Tensor([Float(1)], shape: Shape([1, 1])))
        let parsed = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(parsed["model_name"] as? String == "m\u{1}\"")
        #expect(parsed["id"] as? String == "é\n\\")
    }

    @Test(arguments: [
        (Float.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
        (0.1, "0.1"), (-0.0, "-0.0"), (.leastNonzeroMagnitude, "1e-45"), (.greatestFiniteMagnitude, "3.4028235e+38"),
        (16_777_216, "16777216.0"), (100, "100.0"),
    ])
    func writesFloats(_ value: Float, _ expected: String) {
        let text = ReplyEncodingTests.text(Tensor([value], shape: Shape([1])))
        #expect(text.contains(#""data":[\#(expected)]"#), "\(text)")
    }

    @Test func writesHalfWidthFloats() throws {
        let patterns: [UInt16] = [0x3c00, 0xc100, 0x7c00, 0x0001]
        let half = try patterns.withUnsafeBytes { try Tensor(.float16, shape: Shape([4]), copying: $0) }
        let text = ReplyEncodingTests.text(half)
        #expect(text.contains(#""data":[1.0,-2.5,null,5.9604645e-08]"#))
        let brain = try [UInt16(0x3f80), 0xc020].withUnsafeBytes {
            try Tensor(.bfloat16, shape: Shape([2]), copying: $0)
        }
        #expect(ReplyEncodingTests.text(brain).contains(#""data":[1.0,-2.5]"#))
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
            let encoded = reply.encoded(ReplyForm(binaryByDefault: isBinary))
            let head = HTTPResponseHead(version: .http1_1, status: encoded.status, headers: encoded.headers)
            guard case .answered(let outputs, _) = try InferResponse(head, body: encoded.body) else {
                Issue.record("expected an answer")
                return
            }
            #expect(outputs[0].tensor.elements(of: Float.self) == values)
        }
    }
}
