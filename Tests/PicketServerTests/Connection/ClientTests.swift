import PicketProtocol
import PicketServer
import PicketTensor
import Testing

@Suite struct ClientTests {
    private static func call(_ elements: [Float], id: String? = nil) -> InferCall {
        let rows = elements.count / 4
        return InferCall(
            model: "sum",
            id: id,
            inputs: [InferTensor(name: "x", tensor: Tensor(elements, shape: Shape([rows, 4])))]
        )
    }

    @Test func getsOutputsAndVerdicts() async throws {
        try await TestServer.run { server in
            try await InferenceClient.connected(to: server.path) { client in
                let metadata = try await client.metadata(of: "sum")
                #expect(metadata.inputs == [TensorMetadata(name: "x", elementType: .float32, dimensions: [nil, 4])])
                for round in 0..<3 {
                    let response = try await client.infer(ClientTests.call([1, 2, 3, Float(round), 0, 0, 0, 0.5]))
                    guard case .answered(let outputs, let parameters) = response else {
                        Issue.record("found \(response)")
                        return
                    }
                    #expect(outputs.map(\.name) == ["y", "z", "picket_flagged"])
                    #expect(outputs[0].tensor.elements(of: Float.self) == [6 + Float(round), 0.5])
                    #expect(outputs[2].tensor.elements(of: UInt8.self) == [0, 0])
                    #expect(parameters == ["picket_verdict": "pass"])
                }
            }
        }
    }

    @Test func keepsNaNOfWithheldRows() async throws {
        try await TestServer.run { server in
            let response = try await InferenceClient.connected(to: server.path) { client in
                try await client.infer(ClientTests.call([-5, 0, 0, 0, 0, 0, 0, 0]))
            }
            guard case .answered(let outputs, let parameters) = response else {
                Issue.record("found \(response)")
                return
            }
            #expect(outputs[0].tensor.elements(of: Float.self)[0].isNaN)
            #expect(parameters["picket_verdict"] == "flag")
        }
    }

    @Test func getsRefusals() async throws {
        try await TestServer.run { server in
            try await InferenceClient.connected(to: server.path) { client in
                guard case .refused(403, _, "r-1") = try await client.infer(ClientTests.call([-1, 0, 0, 0], id: "r-1"))
                else {
                    Issue.record("expected 403")
                    return
                }
                var unknown = ClientTests.call([1, 2, 3, 4])
                unknown.model = "a/b \"c\""
                guard case .refused(404, let message, nil) = try await client.infer(unknown) else {
                    Issue.record("expected 404")
                    return
                }
                #expect(message == #"model "a/b \"c\"": not found"#)
                await #expect(throws: InferenceClientError.self) { try await client.metadata(of: "mum") }
            }
        }
    }

    @Test func sendsNoMoreThanABufferHolds() async throws {
        let tensor = Tensor(zeros: .uint8, shape: Shape([1 << 24]))
        let inputs = (0..<256).map { InferTensor(name: "x\($0)", tensor: tensor) }
        try await TestServer.run { server in
            try await InferenceClient.connected(to: server.path) { client in
                await #expect(throws: InferenceClientError.self) {
                    try await client.infer(InferCall(model: "sum", inputs: inputs))
                }
                return
            }
        }
    }

    @Test func saysWhereNobodyListens() async throws {
        await #expect(throws: InferenceClientError.self) {
            try await InferenceClient.connected(to: "/tmp/picket-nobody.sock") { _ in }
        }
    }
}
