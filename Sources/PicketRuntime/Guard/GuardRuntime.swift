public import CoreMetrics
public import Logging
public import PicketConfiguration
package import PicketCrypto
import PicketDetection
public import PicketEvents
import PicketTensor
import Synchronization

/// The guarded models of a configuration at work: answers requests, and reports what it flagged.
public final class GuardRuntime: InferenceService {
    private struct State {
        var admission: Admission
        var figures = ServiceFigures()
    }

    /// Rows up to which a hop to a worker thread costs more than their conversion.
    private static let inlineBytes = 64 << 10

    let guarded: [GuardedModel]
    let key: RandomnessKey
    private let store: ModelStore
    let reporter: Reporter
    private let drift: DriftWatch
    private let logger: Logger
    private let state: Mutex<State>
    private let requestNames = RequestNames()

    /// Loads everything that the configuration names.
    ///
    /// - Parameters:
    ///   - events: takes what is reported; its owner closes it after ``close()``.
    ///   - metrics: makes the meters of what is counted; without a backend nothing comes of it.
    /// - Throws: every fault of models, plugins, key and calibrations.
    public init(
        _ configuration: Configuration,
        events: EventQueue,
        metrics: any MetricsFactory = MetricsSystem.factory,
        logger: Logger
    ) throws(ConfigurationFaults) {
        let store = try ModelStore(configuration)
        var faults: [ConfigurationFault] = []
        var guarded: [GuardedModel] = []
        var key = RandomnessKey.drawn()
        do {
            key = try GuardRuntime.key(of: configuration)
        } catch {
            faults += error.faults
        }
        for policy in configuration.chains {
            do {
                guarded.append(try GuardedModel(policy, in: configuration, models: store, logger: logger))
            } catch {
                faults += error.faults
            }
        }
        guard faults.isEmpty else {
            store.close()
            throw ConfigurationFaults(faults)
        }
        self.store = store
        self.guarded = guarded
        self.key = key
        self.logger = logger
        drift = DriftWatch(guarded, key: key)
        reporter = Reporter(
            events: events,
            keyID: key.id,
            drift: drift,
            metrics: GuardMetrics(guarded.map(\.model.name), factory: metrics)
        )
        state = Mutex(State(admission: Admission(limit: configuration.limits.queue)))
    }

    /// The configuration's key, or a fresh one.
    package static func key(of configuration: Configuration) throws(ConfigurationFaults) -> RandomnessKey {
        guard let path = configuration.randomness.key else { return .drawn() }
        do {
            return try RandomnessKey(file: path.resolved)
        } catch {
            throw ConfigurationFaults([
                configuration.fault(at: path.location, value: "\(error)", expected: "a key of 32 bytes")
            ])
        }
    }

    public var models: [ServedModel] { guarded.map(\.interface) }

    public func model(named name: String) -> ServedModel? { guarded.first { $0.model.name == name }?.interface }

    public var isReady: Bool { state.withLock { !$0.admission.isClosed } }

    public var figures: ServiceFigures {
        state.withLock { state in
            var figures = state.figures
            figures.waitingRows = state.admission.waiting
            figures.suspendedPromises = drift.suspended
            return figures
        }
    }

    /// Refuses new requests. Those that were let in go on.
    public func stopAdmitting() { state.withLock { $0.admission.close() } }

    /// Waits for reports, and ends the worker threads. Call it when no request is running any more.
    public func close() async {
        stopAdmitting()
        await reporter.close()
        store.close()
    }

    public func infer(_ request: InferenceRequest) async -> InferenceOutcome {
        let outcome = await admitted(request)
        state.withLock { state in
            state.figures.requests += 1
            if case .refused = outcome { state.figures.refused += 1 }
        }
        return outcome
    }

    private func admitted(_ request: InferenceRequest) async -> InferenceOutcome {
        guard let target = guarded.first(where: { $0.model.name == request.model }) else {
            return .refused(.unknownModel(request.model))
        }
        let rows = request.rowCount
        guard rows > 0 else {
            return .refused(.invalid(field: "inputs[0].shape", found: "0 rows", expected: "1 row or more"))
        }
        if let largest = target.interface.maximumRows, rows > largest {
            return .refused(.tooLarge(field: "rows", found: rows, limit: largest))
        }
        switch state.withLock({ $0.admission.admit(rows: rows) }) {
        case .admitted: break
        case .tooLarge: return .refused(.tooLarge(field: "rows", found: rows, limit: queueLimit))
        case .queueFull(let waiting): return .refused(.queueFull(waiting: waiting, limit: queueLimit))
        case .closed: return .refused(.notReady("the daemon is leaving"))
        }
        defer { state.withLock { $0.admission.release(rows: rows) } }
        do {
            return try await answer(request, by: target)
        } catch is DeadlinePassed {
            return .refused(.deadlinePassed(after: request.received.duration(to: request.deadline)))
        } catch is CancellationError {
            return .refused(.cancelled)
        } catch is RunnerClosed {
            return .refused(.notReady("the daemon is leaving"))
        } catch let fault as RowFault {
            return .refused(
                .invalid(
                    field: "\(request.inputs[0].name)[\(fault.index)]",
                    found: "\(fault.value)",
                    expected: fault.expected
                )
            )
        } catch {
            logger.error("a request failed", metadata: ["model": "\(request.model)", "reason": "\(error)"])
            return .refused(.failed("the model could not be run"))
        }
    }

    private var queueLimit: Int { state.withLock { $0.admission.limit } }

    private func answer(_ request: InferenceRequest, by target: GuardedModel) async throws -> InferenceOutcome {
        let deadline = RequestDeadline(instant: request.deadline)
        let evaluation = try await RequestDeadline.$current.withValue(deadline) {
            let rows = try await canonicalRows(request.inputs[0].tensor, form: target.model.form)
            return try await target.chain.evaluate(
                rows,
                servedOutputs: request.outputs ?? target.outputNames,
                key: key,
                judge: target.verdicts?.judge
            )
        }
        try deadline.check()
        let decision = Decision(
            evaluation.judgements,
            rowCount: evaluation.rows.count,
            policy: target.policy
        )
        state.withLock { state in
            state.figures.rows += UInt64(evaluation.rows.count)
            state.figures.passes += UInt64(evaluation.forwardPasses)
            state.figures.flagged += UInt64(decision.flagged.count { $0 })
        }
        let outcome = decision.outcome(
            outputs: zip(request.outputs ?? target.outputNames, evaluation.servedOutputs).map {
                NamedTensor(name: $0, tensor: $1)
            },
            policy: target.policy,
            facts: { target.facts.tensors(evaluation.rows, withheld: $0) }
        )
        // Passed and flagged requests hand over the same report; who writes it is not on this path.
        reporter.report(
            Report(
                request,
                id: request.id ?? requestNames.next(),
                rows: evaluation.rows,
                detectors: target.chain.detectors,
                decision: decision
            )
        )
        return outcome
    }

    /// The rows as detectors see them; many are made on a worker thread, since the caller's is an event loop.
    private func canonicalRows(_ served: Tensor, form: RowForm) async throws -> Tensor {
        guard served.byteCount > GuardRuntime.inlineBytes else { return try form.canonicalRows(served) }
        return try await store.runner.onThread { _ in try form.canonicalRows(served) }
    }
}
