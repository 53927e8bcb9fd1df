import PicketServer
import Testing

/// Sound requests with a few bytes changed: the server answers or hangs up, and goes on.
@Suite struct WireMutationTests {
    private static let pieces = [
        "\r\n", "\r", "\n", "\r\n\r\n", ":", " ", "\0", "\u{7f}", "Content-Length: 1\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n", "Connection: close\r\n", "Upgrade: h2c\r\n", "HTTP/1.0", "0",
        "99999999999999999999", "[",
        "{", "\"", ",", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]

    @Test func answersOrHangsUp() async throws {
        try await TestServer.run(requestBytes: 64 * 1024) { settings in
            // A mutation may announce a body that never comes.
            settings.requests.head = .milliseconds(20)
            settings.requests.body = .milliseconds(20)
            settings.requests.bodyBytesPerSecond = 1 << 30
        } _: { server in
            var generator = SplitMix(state: 11)
            for _ in 0..<400 {
                let bytes = WireMutationTests.mutated(&generator)
                let isHTTP = try await blocking {
                    let connection = try RawConnection(server.path)
                    connection.send(bytes)
                    connection.endSending()
                    let rest = try connection.rest()
                    return rest.isEmpty || rest.starts(with: "HTTP/1.1 ".utf8) || rest.starts(with: [0, 0, 0, 4])
                }
                #expect(isHTTP, "\(bytes)")
            }
        }
    }

    @Test func servesManyAtOnce() async throws {
        try await TestServer.run { server in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        try await blocking {
                            let connection = try RawConnection(server.path)
                            var answered = 0
                            for _ in 0..<25 {
                                connection.send(Sound.request + Sound.request)
                                for _ in 0..<2 where try connection.reply()?.status == 200 { answered += 1 }
                            }
                            return answered
                        }
                    }
                }
                for try await answered in group { #expect(answered == 50) }
            }
            #expect(server.service.begun == 32 * 50)
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    @Test func aCrowdOutsideDoesNoHarm() async throws {
        try await TestServer.run { settings in
            settings.connections = 1
            settings.requests.linger = .seconds(60)
        } _: { server in
            let statuses = try await blocking {
                let inside = try RawConnection(server.path)
                inside.send(Sound.request)
                let first = try inside.reply()?.status
                // They stay and hear nothing out.
                let crowd = try (0..<100).map { _ in try RawConnection(server.path) }
                let told = try crowd.compactMap { try $0.reply()?.status }
                inside.send(Sound.request)
                return (first, told, try inside.reply()?.status)
            }
            #expect(statuses.0 == 200)
            #expect(statuses.1 == [Int](repeating: 503, count: 32))
            #expect(statuses.2 == 200)
        }
    }

    private static func mutated(_ generator: inout SplitMix) -> [UInt8] {
        var bytes = Array(Sound.request.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let at = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(at + Int.random(in: 0...6, using: &generator), bytes.count)
            let piece = Array((pieces.randomElement(using: &generator) ?? "").utf8)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes.removeSubrange(at..<end)
            case 1: bytes.insert(contentsOf: piece, at: at)
            case 2: bytes.replaceSubrange(at..<end, with: piece)
            case 3: bytes.removeSubrange(at...)
            default: if at < bytes.count { bytes[at] = UInt8.random(in: 0...255, using: &generator) }
            }
        }
        return bytes
    }
}

/// A small generator whose draws its seed fixes (splitmix64).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
