import PicketRuntime
import PicketServer
import ServiceLifecycle
import Synchronization
import Testing

@Suite struct ReadinessTests {
    @Test func tellsReadyAliveStopping() async throws {
        let told = Told()
        let manager = ServiceManager(watchdogInterval: .milliseconds(20)) { told.add($0) }
        try await TestServer.run { server in
            let readiness = ReadinessService(manager, service: server.service, server: server.server, logger: .silent)
            let group = ServiceGroup(services: [readiness], logger: .silent)
            let running = Task { try await group.run() }
            #expect(await eventually { told.count(of: "WATCHDOG=1") > 1 })
            await group.triggerGracefulShutdown()
            try await running.value
        }
        let all = told.all
        #expect(all.first?.first == "READY=1")
        #expect(all.first?.last?.hasPrefix("STATUS=0 requests, 0 rows") == true)
        #expect(told.count(of: "READY=1") == 1)
        #expect(all.last == ["STOPPING=1", "STATUS=finishing requests"])
    }

    @Test func isSilentWhileTheSelfCheckFails() async throws {
        let told = Told()
        let manager = ServiceManager(watchdogInterval: .milliseconds(20)) { told.add($0) }
        try await TestServer.run { server in
            let readiness = ReadinessService(manager, service: server.service, server: server.server, logger: .silent)
            let running = Task { try await readiness.run() }
            defer { running.cancel() }
            #expect(await eventually { told.count(of: "READY=1") == 1 })
            server.service.set(selfCheck: .failed("score 3\nWATCHDOG=1, expected 1"))
            #expect(await eventually { told.all.last?.first?.hasPrefix("STATUS=self-check failed: score 3 ") == true })
            let before = told.count(of: "WATCHDOG=1")
            let failures = told.all.count
            #expect(await eventually { told.all.count > failures + 3 })
            #expect(told.count(of: "WATCHDOG=1") == before)
            server.service.set(selfCheck: .passed)
            #expect(await eventually { told.count(of: "WATCHDOG=1") > before }, "and speaks again when it passes")
        }
    }

    @Test func isNeverReadyWhereTheFirstSelfCheckFails() async throws {
        let told = Told()
        try await TestServer.run { server in
            server.service.set(selfCheck: .failed("score 3, expected 1"))
            let manager = ServiceManager(watchdogInterval: nil) { told.add($0) }
            let readiness = ReadinessService(manager, service: server.service, server: server.server, logger: .silent)
            let error = await #expect(throws: ReadinessService.NeverReady.self) { try await readiness.run() }
            #expect(error?.description == "score 3, expected 1")
        }
        #expect(told.all == [])
    }
}

/// What a service manager was told.
private final class Told: Sendable {
    private let notifications = Mutex<[[String]]>([])

    var all: [[String]] { notifications.withLock { $0 } }

    func add(_ assignments: [String]) { notifications.withLock { $0.append(assignments) } }
    func count(of assignment: String) -> Int { all.count { $0.contains(assignment) } }
}
