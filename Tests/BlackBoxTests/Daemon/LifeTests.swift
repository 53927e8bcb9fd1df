import Foundation
import Testing

extension BlackBox {
    /// A daemon from its start to its end, as systemd sees it.
    @OffPool @Suite struct LifeTests {
        @Test func checkOfASoundConfigurationSaysNothing() throws {
            let space = try Example.workspace()
            let done = try space.picketd("--config", "picket.yaml", "--check")
            #expect(done.code == 0, "\(done)")
            #expect(done.output == "")
            #expect(!space.exists("picket.sock"), "a check serves nobody")
            #expect((try? space.text("events.jsonl")) ?? "" == "", "a check reports nothing")
        }

        @Test func livesAndLeaves() throws {
            let space = try Example.workspace()
            let daemon = try GuardedDaemon(space)
            let first = try #require(daemon.manager.heard.first)
            #expect(first.contains("READY=1"), "nothing is said before the daemon is ready")
            #expect(first.contains { $0.hasPrefix("STATUS=") })
            var status = stat()
            #expect(lstat(daemon.socket, &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o660)
            for target in [
                "/v2/health/live", "/v2/health/ready", "/v2", "/v2/models/fashion", "/v2/models/fashion/ready",
            ] {
                #expect(try daemon.get(target).status == 200, "\(target)")
            }
            #expect(try daemon.get("/v2/models/fashion-b").status == 404, "a member is not served")
            #expect(try daemon.ask(Request([try Rows.clean()[0]]).overJSON).status < 404)

            let finished = try daemon.stop()
            #expect(finished.code == 0, "\(finished)")
            #expect(daemon.manager.count("STOPPING=1") == 1)
            #expect(!space.exists("picket.sock"))
            let kinds = try daemon.events().compactMap { $0["event"].text }
            #expect(kinds.first == "started")
            #expect(kinds.last == "stopped")
        }

        @Test func feedsTheWatchdogAndTellsFigures() throws {
            let daemon = try GuardedDaemon(Example.workspace([.monitor]), watchdog: 400_000)
            #expect(try daemon.ask(Request([try Rows.clean()[0]]).overJSON).status == 200)
            #expect(daemon.manager.listen { daemon.manager.count("WATCHDOG=1") >= 3 })
            let figures = daemon.manager.listen {
                daemon.manager.heard.contains { $0.contains { $0.hasPrefix("STATUS=1 requests, 1 rows") } }
            }
            #expect(figures, "the status tells live figures: \(daemon.manager.heard)")
            #expect(try daemon.stop().code == 0)
        }

        @Test func answersARequestThatHadBegun() throws {
            let daemon = try GuardedDaemon(Example.workspace([.monitor]))
            let body = Request([try Rows.clean()[0]], id: "late").json
            let request = Request.post(body, headers: ["Expect: 100-continue"])
            let connection = try SocketClient(daemon.socket)
            connection.send(request.dropLast(body.count))
            // Proof that the daemon has read the head: bytes in a socket alone are no request that has begun.
            #expect(try connection.anyReply()?.status == 100)
            daemon.child.signal(SIGTERM)
            #expect(daemon.manager.listen { daemon.manager.count("STOPPING=1") == 1 })
            connection.send(body)
            let reply = try connection.reply()
            #expect(reply?.status == 200, "\(reply?.text ?? "the connection ended")")
            #expect(try reply?.json()["id"].text == "late")
            #expect(try daemon.child.wait().code == 0)
            #expect(!daemon.space.exists("picket.sock"))
        }

        @Test func survivesAHangUp() throws {
            let daemon = try GuardedDaemon(Example.workspace())
            daemon.child.signal(SIGHUP)
            #expect(try daemon.get("/v2/health/live").status == 200)
            let finished = try daemon.stop()
            #expect(finished.code == 0, "\(finished)")
            #expect(finished.errors.contains("reload: not supported in this version"), "\(finished)")
        }

        @Test func replacesASocketLeftBehind() throws {
            let space = try Example.workspace()
            let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            #expect(UnixAddress.with(space.at("picket.sock")) { bind(stale, $0, $1) } == 0)
            close(stale)
            #expect(space.exists("picket.sock"))
            for _ in 0..<2 {
                let daemon = try GuardedDaemon(space)
                #expect(try daemon.get("/v2/health/ready").status == 200)
                daemon.child.signal(SIGKILL)
                #expect(try daemon.child.wait().end == .killed(signal: SIGKILL))
                #expect(space.exists("picket.sock"), "who is killed leaves it behind")
            }
            #expect(try GuardedDaemon(space).stop().code == 0)
            #expect(!space.exists("picket.sock"))
        }

        @Test func leavesALiveSocketAlone() throws {
            let daemon = try GuardedDaemon(Example.workspace())
            let second = try daemon.space.picketd("--config", "picket.yaml")
            #expect(second.code == EX_UNAVAILABLE, "\(second)")
            #expect(second.errors.contains("picket.sock: another process answers on this socket"))
            #expect(try daemon.get("/v2/health/ready").status == 200, "the first one serves on")
            #expect(try daemon.stop().code == 0)
        }

        @Test func leavesAFileThatIsNoSocketAlone() throws {
            let space = try Example.workspace()
            try space.write("a letter", "picket.sock")
            let done = try space.picketd("--config", "picket.yaml")
            #expect(done.code == EX_UNAVAILABLE, "\(done)")
            #expect(done.errors.contains("picket.sock: a file that is not a socket"))
            #expect(try space.text("picket.sock") == "a letter")
        }

        /// A restart with the same key and calibration gives the same scores and verdicts.
        @Test func keepsVerdictsAcrossARestart() throws {
            let space = try Example.workspace([.monitor, .disclose("score")])
            let rows = Array(try Rows.clean()[..<24])
            func scores() throws -> [Float] {
                let daemon = try GuardedDaemon(space)
                let reply = try daemon.ask(Request(rows).overBinary)
                #expect(try daemon.stop().code == 0)
                return try reply.floats("picket_score")
            }
            let first = try scores()
            #expect(first.count == rows.count)
            #expect(try scores() == first)
        }
    }
}
