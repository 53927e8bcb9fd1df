import PicketServer
import Testing

/// What comes over the socket, sound or hostile, gets the answer that is documented, and does no harm.
@Suite struct WireCaseTests {
    static let cases = Result { try WireCase.load() }

    @Test func casesAreThere() throws {
        let cases = try WireCaseTests.cases.get()
        #expect(cases.count > 300)
        #expect(Set(cases.map(\.name)).count == cases.count, "a case is found by its name")
    }

    /// One after the other: a server each at once takes more descriptors than Foundation starts a process beside.
    @Test(.serialized, arguments: (try? cases.get()) ?? [])
    func answersAsDocumented(_ wireCase: WireCase) async throws {
        try await TestServer.run(requestBytes: 256 * 1024) { server in
            let complaints = try await blocking { try wireCase.complaints(at: server.path) }
            #expect(complaints == [])
            try await expectServed(at: server.path)
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    /// The same cases one after the other against one server, which is to come out as it went in.
    @Test func leavesNothingBehind() async throws {
        let cases = try WireCaseTests.cases.get()
        try await TestServer.run(requestBytes: 256 * 1024) { server in
            for wireCase in cases {
                let complaints = try await blocking { try wireCase.complaints(at: server.path) }
                #expect(complaints == [], "\(wireCase.name)")
            }
            try await expectServed(at: server.path)
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    static func expectNothingHeld(by server: TestServer) async {
        #expect(await eventually { server.server.connectionCount == 0 }, "every connection ends")
        #expect(await eventually { server.server.budget.reserved == 0 }, "all memory is given back")
    }
}
