import PicketProtocol
import PicketTensor
import Testing

@Suite struct InferRequestDecoderTests {
    private static func decode(
        _ body: String,
        headerLength: Int? = nil,
        admit: (Int) -> Bool = { _ in true }
    ) throws(Refusal) -> InferRequest {
        try InferRequestDecoder(model: Models.sum).decode(
            RequestBody(body.utf8),
            headerLength: headerLength,
            admit: admit
        )
    }

    @Test func saysWhatTheSenderWants() throws {
        let request = try InferRequestDecoderTests.decode(
            #"""
            {"id": "7", "parameters": {"binary_data_output": true, "timeout": 1500},
             "inputs": [{"name": "x", "shape": [1, 4], "datatype": "FP32", "data": [1, 2, 3, 4]}],
             "outputs": [{"name": "y", "parameters": {"binary_data": false}}]}
            """#
        )
        #expect(request.id == "7")
        #expect(request.timeout == .microseconds(1500))
        #expect(request.outputs == ["y"])
        #expect(request.form == ReplyForm(binaryByDefault: true, binary: ["y": false]))
        #expect(request.inputs[0].tensor.elements(of: Float.self) == [1, 2, 3, 4])
    }

    @Test func asksBeforeItTakesMemory() {
        let body = #"{"id":"7","inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}"#
        var asked: [Int] = []
        #expect(throws: Refusal(.busy, "no memory for 16 bytes of tensors beside the requests in flight", id: "7")) {
            try InferRequestDecoderTests.decode(body) {
                asked.append($0)
                return false
            }
        }
        #expect(asked == [16])
    }

    /// JSON and bytes of the same numbers are the same tensor, bit for bit.
    @Test func readsEveryFloatExactly() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let bits =
                UInt32.random(in: 0..<0x7f80_0000, using: &generator) | UInt32.random(in: 0...1, using: &generator)
                << 31
            let value = Float(bitPattern: bits)
            let request = try InferRequestDecoderTests.decode(
                #"{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[\#(value),0,0,0]}]}"#
            )
            #expect(request.inputs[0].tensor.elements(of: Float.self)[0].bitPattern == bits, "\(value)")
        }
    }

    @Test func keepsTheIDOfWhatItRefuses() {
        #expect {
            try InferRequestDecoderTests.decode(#"{"id":"7","inputs":[]}"#)
        } throws: { error in
            (error as? Refusal)?.id == "7" && (error as? Refusal)?.reason == .malformed
        }
    }
}
