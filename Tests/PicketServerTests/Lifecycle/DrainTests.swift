import Foundation
import PicketServer
import ServiceLifecycle
import Testing

@Suite struct DrainTests {
    /// Runs a server as a service group does, and hands over what tells it to leave.
    private static func run<Result: Sendable>(
        deadline: Duration = .seconds(60),
        grace: Duration = .seconds(60),
        _ adjust: (inout ServerSettings) -> Void = { _ in },
        _ body: @Sendable (TestServer, ServiceGroup) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            var settings = ServerSettings(
                listeners: [.init(.unix(path: path, mode: 0o600))],
                requestBytes: 1 << 20,
                deadline: deadline
            )
            settings.grace = grace
            adjust(&settings)
            let service = FakeService()
            let server = InferenceServer(settings, service: service, logger: .silent)
            let group = ServiceGroup(services: [server], logger: .silent)
            let running = Task { try await group.run() }
            defer { running.cancel() }
            await server.waitUntilListening()
            let result = try await body(TestServer(path: path, service: service, server: server), group)
            try await running.value
            return result
        }
    }

    @Test func requestThatHasBegunIsFinished() async throws {
        try await DrainTests.run(deadline: .seconds(4)) { server, group in
            async let reply = blocking {
                let connection = try RawConnection(server.path)
                connection.send(PatienceTests.hanging)
                let reply = try connection.reply()
                return (reply?.status, reply?.headers["connection"], try connection.rest())
            }
            #expect(await eventually { server.service.begun == 1 })
            await group.triggerGracefulShutdown()
            let (status, connection, rest) = try await reply
            #expect(status == 504, "it came to its own end")
            #expect(connection == "close")
            #expect(rest == [])
        }
    }

    @Test func requestThatIsComingInIsFinished() async throws {
        try await DrainTests.run { server, group in
            let reply = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send(Sound.request.dropLast(5).utf8)
                while server.server.budget.reserved == 0 { Thread.sleep(forTimeInterval: 0.001) }
                let left = DispatchSemaphore(value: 0)
                Task {
                    await group.triggerGracefulShutdown()
                    left.signal()
                }
                left.wait()
                connection.send(Sound.request.suffix(5).utf8)
                return try connection.reply()
            }
            #expect(reply?.status == 200)
        }
    }

    @Test func idleConnectionsEndAtOnce() async throws {
        try await DrainTests.run { server, group in
            let connection = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send(Sound.request)
                _ = try connection.reply()
                return Unchecked(connection)
            }
            await group.triggerGracefulShutdown()
            let rest = try await blocking { try connection.value.rest() }
            #expect(rest == [])
        }
    }

    @Test func refusedHTTP2ConnectionsEndAtOnce() async throws {
        try await DrainTests.run { settings in
            settings.requests.linger = .hours(1)
        } _: { server, group in
            let connection = try await blocking {
                let connection = try RawConnection(server.path)
                connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                _ = try connection.rest()
                return Unchecked(connection)
            }
            await group.triggerGracefulShutdown()
            #expect(await eventually { server.server.connectionCount == 0 })
            withExtendedLifetime(connection) {}
        }
    }

    @Test func socketIsGoneAfterwards() async throws {
        let path = try await DrainTests.run { server, group in
            await group.triggerGracefulShutdown()
            return server.path
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func requestThatOutlastsTheGraceIsCutOff() async throws {
        try await DrainTests.run(grace: .milliseconds(100)) { server, group in
            async let rest = blocking {
                let connection = try RawConnection(server.path)
                connection.send(PatienceTests.hanging)
                return try connection.rest()
            }
            #expect(await eventually { server.service.begun == 1 })
            await group.triggerGracefulShutdown()
            let received = try await rest
            #expect(received == [])
            #expect(await eventually { server.service.cancelled == 1 })
        }
    }
}

/// Hands a value from one thread to the next, one at a time, as these tests do.
struct Unchecked<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
