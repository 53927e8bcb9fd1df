import Glibc
import NIOCore
import PicketServer
import Testing

/// Senders that are slow, gone, or too many.
@Suite struct PatienceTests {
    static let uploadHead = "POST /v2/models/sum/infer HTTP/1.1\r\nHost: p\r\nContent-Length: 1000\r\n\r\n"

    /// What is not yet HTTP/1.1 gets no words.
    @Test(arguments: ["", "P", "PRI * HT"])
    func slowBeginningEnds(_ begun: String) async throws {
        try await TestServer.run { settings in
            settings.requests.head = .milliseconds(50)
        } _: { server in
            let rest = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send(begun)
                return try connection.rest()
            }
            #expect(rest == [])
        }
    }

    @Test func slowHeadEnds() async throws {
        try await TestServer.run { settings in
            settings.requests.head = .milliseconds(200)
        } _: { server in
            // This thread may itself be too slow to send a byte in time, and then gets no words; but not always.
            let (status, rest) = try await blocking {
                for _ in 0..<100 {
                    let connection = try RawConnection(server.path)
                    connection.send("POST /v2/models/sum/infer HTTP/1.1\r\nHost: p\r\n")
                    if let reply = try connection.reply() { return (reply.status, try connection.rest()) }
                }
                return (0, [])
            }
            #expect(status == 408)
            #expect(rest == [])
        }
    }

    @Test func slowBodyEndsAndFreesItsMemory() async throws {
        try await TestServer.run { settings in
            settings.requests.body = .milliseconds(50)
            settings.requests.bodyBytesPerSecond = 1 << 20
        } _: { server in
            let reply = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send(PatienceTests.uploadHead + "{")
                return try connection.reply()
            }
            #expect(reply?.status == 408)
            #expect(reply?.body.contains("1 bytes of body after") == true)
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    @Test func idleConnectionEnds() async throws {
        try await TestServer.run { settings in
            settings.requests.idle = .milliseconds(50)
        } _: { server in
            let (status, rest) = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send(Sound.request)
                return (try connection.reply()?.status, try connection.rest())
            }
            #expect(status == 200)
            #expect(rest == [])
        }
    }

    @Test func answerThatTakesTooLongIsAbandoned() async throws {
        try await TestServer.run(deadline: .seconds(1)) { server in
            let statuses = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send(PatienceTests.hanging)
                let late = try connection.reply()?.status
                connection.send(Sound.request)
                return [late, try connection.reply()?.status]
            }
            #expect(statuses == [504, 200], "and the connection lives on")
            #expect(await eventually { server.service.cancelled == 1 }, "the service is told")
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    @Test func lateAnswerIsNotTheNextRequests() async throws {
        try await TestServer.run(deadline: .seconds(1)) { server in
            let replies = try await blocking {
                let connection = try RawConnection(server.path)
                var replies: [RawConnection.Reply?] = []
                for _ in 0..<2 {
                    connection.send(PatienceTests.request(asking: .stubborn))
                    while server.service.waitingStubbornly == 0 { usleep(1000) }
                    replies.append(try connection.reply())
                }
                connection.send(PatienceTests.hanging)
                while server.service.begun < 3 { usleep(1000) }
                server.service.letStubbornGo()
                server.service.letStubbornGo()
                replies.append(try connection.reply())
                connection.send(Sound.request)
                replies.append(try connection.reply())
                return replies
            }
            #expect(replies.map(\.?.status) == [504, 504, 504, 200], "each request has its own answer")
            #expect(replies.last??.body.contains(#""id":"sound""#) == true)
            #expect(server.service.cancelled == 1, "the request that was worked on was the one abandoned")
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    @Test func senderThatLeavesCancelsItsRequest() async throws {
        try await TestServer.run { server in
            try await blocking {
                let connection = try RawConnection(server.path)
                connection.send(PatienceTests.hanging)
                // Pipelined behind it, and never begun.
                connection.send(Sound.request)
            }
            #expect(await eventually { server.service.cancelled == 1 })
            #expect(server.service.begun == 1)
            await WireCaseTests.expectNothingHeld(by: server)
            try await expectServed(at: server.path)
        }
    }

    @Test func connectionsAreBounded() async throws {
        try await TestServer.run { settings in
            settings.connections = 2
        } _: { server in
            let statuses = try await blocking {
                let first = try RawConnection(server.path)
                first.send(Sound.request)
                let second = try RawConnection(server.path)
                second.send(Sound.request)
                let accepted = [try first.reply()?.status, try second.reply()?.status]
                let third = try RawConnection(server.path)
                let refused = try third.reply()
                _ = try third.rest()
                // Those that are in are none the worse for it.
                first.send(Sound.request)
                return accepted + [refused?.status, try first.reply()?.status]
            }
            #expect(statuses == [200, 200, 503, 200])
            #expect(await eventually { server.server.connectionCount == 0 })
            try await expectServed(at: server.path)
        }
    }

    /// However long its sender stays: the connection's place is somebody else's.
    @Test func refusedHTTP2ConnectionEnds() async throws {
        try await TestServer.run { settings in
            settings.requests.linger = .milliseconds(50)
        } _: { server in
            let connection = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                let heard = try connection.rest()
                #expect(String(decoding: heard, as: UTF8.self).contains("gRPC: not supported"))
                return Unchecked(connection)
            }
            #expect(await eventually { server.server.connectionCount == 0 })
            withExtendedLifetime(connection) {}
        }
    }

    @Test func memoryIsBoundedOverAllConnections() async throws {
        try await TestServer.run { settings in
            settings.bytesInFlight = 3999
        } _: { server in
            let head = "POST /v2/models/sum/infer HTTP/1.1\r\nHost: p\r\nContent-Length: 2000\r\n\r\n"
            let statuses = try await blocking {
                let first = try RawConnection(server.path)
                first.send(head + "{")
                // A body this short is reserved whole before it comes; wait for that by asking for anything.
                while server.server.budget.reserved < 2000 { usleep(1000) }
                let second = try RawConnection(server.path)
                second.send(head + String(repeating: " ", count: 2000))
                let refused = try second.reply()?.status
                second.send(Sound.request)
                return [refused, try second.reply()?.status]
            }
            #expect(statuses == [429, 200], "small requests still find room")
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    /// However much they announce.
    @Test func idleClaimsTakeNothingFromOthers() async throws {
        try await TestServer.run { server in
            let claimed = 2 * (server.server.budget.limit >> 20)
            let (continued, sound) = try await blocking {
                let claims = try (0..<claimed).map { _ in
                    let claim = try RawConnection(server.path)
                    claim.send(
                        "POST /v2/models/sum/infer HTTP/1.1\r\nHost: p\r\nContent-Length: \(1 << 20)\r\n"
                            + "Expect: 100-continue\r\n\r\n"
                    )
                    return claim
                }
                let continued = try claims.map { try $0.reply()?.status }
                return (continued, try Sound.isAnswered(at: server.path))
            }
            #expect(continued == Array(repeating: 100, count: claimed), "each is let send its body")
            #expect(sound, "and others are served meanwhile")
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    /// A body, six bytes for each of its own while it is read, its tensors, then its reply: each is asked for.
    @Test(arguments: [(6, -1, "bytes to read JSON"), (6, 15, "16 bytes of tensors"), (6, 16, "bytes of reply")])
    func allThatARequestTakesCounts(_ reading: Int, _ more: Int, _ missing: String) async throws {
        try await TestServer.run { settings in
            settings.bytesInFlight = (1 + reading) * Sound.body.utf8.count + more
        } _: { server in
            let reply = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send(Sound.request)
                return try connection.reply()
            }
            #expect(reply?.status == 429)
            #expect(reply?.body.contains(missing) == true, "\(reply?.body ?? "no reply")")
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    /// A body as long as may be, of elements as short as may be.
    @Test func largestRequestFitsAlone() async throws {
        let body =
            #"{"inputs":[{"name":"x","shape":[2,65536],"datatype":"FP32","data":["#
            + String(repeating: "1,", count: 131_071) + "1]}]}"
        try await TestServer.run(requestBytes: body.utf8.count) { server in
            let reply = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send(
                    "POST /v2/models/large/infer HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                return try connection.reply()
            }
            #expect(reply?.status == 200)
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    @Test func largeRequestsAreDecodedAside() async throws {
        try await TestServer.run(requestBytes: 8 << 20) { settings in
            settings.inlineBytes = 1024
        } _: { server in
            let body =
                #"{"inputs":[{"name":"x","shape":[2,65536],"datatype":"FP32","data":["#
                + String(repeating: "1,", count: 131_071) + "1]}]}"
            let replies = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send(
                    "POST /v2/models/large/infer HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                let good = try connection.reply()
                connection.send(
                    "POST /v2/models/large/infer HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body.dropLast())x"
                )
                return [good, try connection.reply()]
            }
            #expect(replies[0]?.body.contains(#""data":[65536.0,65536.0]"#) == true)
            #expect(replies[1]?.status == 400)
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    /// A request that the service answers only once it is cancelled.
    static let hanging = request(asking: .hang)

    static func request(asking wish: FakeService.Wish) -> String {
        let body =
            #"{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[\#(wish.rawValue),0,0,0]}]}"#
        return "POST /v2/models/sum/infer HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
