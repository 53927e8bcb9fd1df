import Foundation
import Testing

extension BlackBox {
    /// One daemon against everything that senders come up with, one after the other.
    @OffPool @Suite struct HostileTests {
        /// What the daemon may ever have resident, with requests of 256 KiB at most.
        nonisolated static let boundBytes = 256 << 20

        private func daemon() throws -> GuardedDaemon {
            try GuardedDaemon(
                Example.workspace(
                    [.monitor, .disclose("score")],
                    append: "limits: { request-bytes: 256KiB, queue: 8 }\n"
                )
            )
        }

        /// After each case, a sound request on a connection of its own gets the very answer that it got at first.
        @Test func answersEachAsDocumentedAndServesOn() throws {
            let daemon = try daemon()
            let sound = Request([try Rows.clean()[0]], id: "sound").overBinary
            let answer = try daemon.ask(sound)
            #expect(answer.status == 200)
            let cases = try HostileCase.load()
            #expect(cases.count >= 40)
            for hostile in cases {
                let connection = try SocketClient(daemon.socket)
                connection.send(hostile.bytes())
                let reply = try connection.reply()
                #expect(reply?.status == hostile.status, "\(hostile.name): \(reply?.text ?? "no reply")")
                let error = try? reply?.json()["error"].text
                #expect(
                    error?.contains(hostile.says ?? "") ?? false || hostile.says == nil,
                    "\(hostile.name): \(error ?? "")"
                )
                #expect(error?.isEmpty == false, "\(hostile.name) says why")
                #expect(try daemon.ask(sound).body == answer.body, "after \(hostile.name)")
            }
            try expectUnharmed(daemon)
        }

        @Test func outlivesTheCasesOfTheWire() throws {
            let daemon = try daemon()
            let sound = Request([try Rows.clean()[0]], id: "sound").overBinary
            let answer = try daemon.ask(sound)
            let cases = try WireCase.load()
            #expect(cases.count > 100)
            for hostile in cases {
                let connection = try SocketClient(daemon.socket)
                connection.send(hostile.bytes())
                // Some leave the daemon waiting for more.
                connection.endSending()
                let reply = try connection.reply()
                #expect(reply?.status == hostile.status, "\(hostile.name): \(reply?.text ?? "no reply")")
                #expect(try daemon.ask(sound).body == answer.body, "after \(hostile.name)")
            }
            try expectUnharmed(daemon)
        }

        /// Who stops sending, leaves early or never reads keeps nobody else from an answer.
        @Test func servesBesideTheSlowAndTheGone() throws {
            let daemon = try daemon()
            let sound = Request([try Rows.clean()[0]], id: "sound").overBinary
            let answer = try daemon.ask(sound)
            var slow: [SocketClient] = []
            for length in [0, 1, 20, 60, 100, 500, 3000] {
                let waiting = try SocketClient(daemon.socket)
                waiting.send(sound.prefix(length))
                slow.append(waiting)
                let gone = try SocketClient(daemon.socket)
                gone.send(sound.prefix(length))
            }
            for _ in 0..<32 {
                // All sent, the answer never read.
                let gone = try SocketClient(daemon.socket)
                gone.send(sound)
            }
            for _ in 0..<4 { #expect(try daemon.ask(sound).body == answer.body) }
            for (waiting, length) in zip(slow, [0, 1, 20, 60, 100, 500, 3000]) {
                waiting.send(sound.dropFirst(length))
                let reply = try waiting.reply()
                // Their own deadline may have passed by now; an answer is one or the other.
                #expect(
                    reply == nil || [200, 408, 429, 504].contains(reply?.status),
                    "\(length): \(reply?.text ?? "")"
                )
            }
            try expectUnharmed(daemon)
        }

        private func expectUnharmed(_ daemon: GuardedDaemon) throws {
            #expect(daemon.child.poll() == nil, "it lives")
            let peak = Child.peak(of: "\(daemon.child.pid)")
            #expect(peak > 1 << 20 && peak < HostileTests.boundBytes, "\(peak) bytes")
            let finished = try daemon.stop()
            #expect(finished.code == 0, "\(finished)")
        }
    }
}
