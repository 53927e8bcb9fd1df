import Foundation
import Logging
import MetricsTestKit
import PicketConfiguration
import PicketEvents
import PicketRuntime
import PicketTensor
import Synchronization

/// The Fashion-MNIST example's guard, in this process, with the plugins of this build.
struct ExampleGuard {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Examples/fashion-mnist")

    let runtime: GuardRuntime
    let events: EventQueue
    let sink: MemorySink
    let metrics = TestMetrics()

    init(_ change: (inout Configuration) -> Void = { _ in }) throws {
        let configuration = try ExampleGuard.configuration(change)
        sink = MemorySink()
        events = EventQueue(sinks: [sink])
        runtime = try GuardRuntime(configuration, events: events, metrics: metrics, logger: Logger(label: "test"))
    }

    static func configuration(_ change: (inout Configuration) -> Void = { _ in }) throws -> Configuration {
        var configuration = try Configuration.load(path: folder.appending(path: "picket.yaml").path)
        let place = SourceLocation(line: 1, column: 1, key: "plugins.directories")
        configuration.plugins.directories = [ConfiguredPath(written: plugins, resolved: plugins, location: place)]
        change(&configuration)
        return configuration
    }

    /// This build's plugins, copied to where nobody else can write: a checkout's folders may belong to another user.
    static let plugins: String = {
        let built = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let folder = FileManager.default.temporaryDirectory.appending(path: "picket-plugins-\(getpid())")
        let owned: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
        do {
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false, attributes: owned)
            for name in [
                "feature-squeezing", "transform-consistency", "ensemble-disagreement", "input-statistics",
                "reconstruction",
            ] {
                let copy = folder.appending(path: "libpicket-\(name).so")
                // Written anew, not copied with its owner.
                try Data(contentsOf: built.appending(path: "libpicket-\(name).so")).write(to: copy)
                try FileManager.default.setAttributes(owned, ofItemAtPath: copy.path)
            }
        } catch {
            preconditionFailure("the build has plugins: \(error)")
        }
        atexit { try? FileManager.default.removeItem(atPath: ExampleGuard.plugins) }
        return folder.path
    }()

    /// Asks as a client would.
    func ask(
        _ rows: Tensor,
        within limit: Duration = .seconds(3_600),
        outputs: [String]? = nil,
        model: String = "fashion"
    ) async -> InferenceOutcome {
        let now = ContinuousClock.now
        return await runtime.infer(
            InferenceRequest(
                id: "test",
                model: model,
                inputs: [NamedTensor(name: "input", tensor: rows)],
                outputs: outputs,
                peer: Peer(pid: 1, uid: 2, gid: 3),
                received: now,
                deadline: now + limit
            )
        )
    }

    func close() async {
        await runtime.close()
        await events.close()
    }
}

/// Keeps events in memory.
final class MemorySink: EventSink {
    let name = "memory"
    private let kept = Mutex<[Event]>([])

    var events: [Event] { kept.withLock { $0 } }

    func write(_ events: [Event]) -> SinkResult {
        kept.withLock { $0 += events }
        return SinkResult(written: events.count, failed: 0)
    }

    func close() {}
}
