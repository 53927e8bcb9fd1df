import Logging
import NIOCore
import PicketServer
import Synchronization
import Testing

@Suite struct RefusalTallyTests {
    private static func word(_ action: RefusalTally<String>.Action) -> String {
        switch action {
        case .none: "-"
        case .write(let refused, let count): "\(refused) \(count)"
        case .wait(let deadline): "wait \(deadline.uptimeNanoseconds)"
        }
    }

    @Test func writesOfTheFirstAtOnceAndOfTheRestTogether() {
        var tally = RefusalTally<String>(interval: .nanoseconds(100))
        func refused(_ name: String, _ now: UInt64) -> String {
            RefusalTallyTests.word(tally.refused(name, at: .uptimeNanoseconds(now)))
        }
        func rang(_ now: UInt64) -> String { RefusalTallyTests.word(tally.rang(at: .uptimeNanoseconds(now))) }
        #expect(refused("a", 1000) == "a 1")
        #expect(refused("b", 1099) == "wait 1100")
        #expect(refused("c", 1099) == "-")
        #expect(refused("d", 1101) == "-", "the line is due, whoever comes first")
        #expect(rang(1102) == "d 3")
        #expect(rang(1102) == "-")
        #expect(refused("e", 1201) == "wait 1202", "counted from the latest line")
        #expect(rang(1202) == "e 1")
        #expect(refused("f", 1302) == "f 1")
    }

    /// Ten thousand a second for three seconds.
    @Test func crowdCostsALineASecond() {
        var tally = RefusalTally<Int>(interval: .seconds(1))
        var alarm: NIODeadline?
        var counts: [Int] = []
        func perform(_ action: RefusalTally<Int>.Action) {
            switch action {
            case .none: break
            case .write(_, let count): counts.append(count)
            case .wait(let deadline): alarm = deadline
            }
        }
        for number in 0..<30_000 {
            let now = NIODeadline.uptimeNanoseconds(UInt64(number) * 100_000)
            if let due = alarm, due <= now {
                alarm = nil
                perform(tally.rang(at: due))
            }
            perform(tally.refused(number, at: now))
        }
        if let due = alarm { perform(tally.rang(at: due)) }
        #expect(counts.count == 4)
        #expect(counts.reduce(0, +) == 30_000, "none is lost")
    }

    /// However many lines a machine's speed makes of them.
    @Test func serverWritesOfAllThatItTurnsAway() async throws {
        let notices = Notices()
        let logger = Logger(label: "test", factory: { _ in notices })
        try await TestServer.run(logger: logger) { settings in
            settings.connections = 0
        } _: { server in
            try await blocking {
                for _ in 0..<40 { _ = try RawConnection(server.path).reply() }
            }
            #expect(await eventually { notices.turnedAway == 40 }, "\(notices.turnedAway)")
        }
    }
}

/// Adds up how many connections a server's lines say that it turned away.
private final class Notices: LogHandler {
    private let sum = Mutex(0)

    var turnedAway: Int { sum.withLock { $0 } }

    func log(event: LogEvent) {
        guard event.message == "turned peers away", let count = event.metadata?["count"] else { return }
        sum.withLock { $0 += Int("\(count)") ?? 0 }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
}
