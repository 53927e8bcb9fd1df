internal import CPicketABI
internal import Dispatch
internal import PicketCrypto
internal import PicketTensor
internal import Synchronization

/// One detector learning from clean rows, at calibration.
///
/// `fit` is a blocking call that asks for rows one by one, while their evidence is made asynchronously. So it runs on a
/// thread of its own, which may block, and evidence is made a window of rows at a time: memory stays bounded whatever
/// the number of rows, and a plugin that walks through them in order pays no row twice.
///
/// The learning instance is another than the one that renders: the ABI forbids `fit` beside any other call on a detector.
struct Fitting<Clean: CleanRows>: Sendable {
    let detector: String
    let specification: ChainSpecification
    /// The chain without learnt states, which makes the evidence.
    let chain: Chain
    let clean: Clean
    let rows: [Int]
    let key: RandomnessKey
    let log: DetectorLog

    /// What the detector learns.
    func state() async throws -> [UInt8] {
        guard let place = specification.detectors.firstIndex(where: { $0.name == detector }) else {
            preconditionFailure("a detector that learns is one of the chain's")
        }
        let runner = chain.runner
        let facts: @Sendable (String) -> ModelFacts? = { runner.facts(of: $0) }
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "picket.fit.\(detector)").async { [self] in
                continuation.resume(with: Result { try learn(place, facts: facts) })
            }
        }
    }

    /// On the fitting thread.
    private func learn(_ place: Int, facts: @escaping @Sendable (String) -> ModelFacts?) throws -> [UInt8] {
        let learner = try Detector(
            specification.detectors[place],
            subject: chain.subject,
            state: [],
            log: log,
            facts: facts
        )
        _ = try PlanningSession.plan(
            learner,
            index: place,
            graph: ChainGraph(subject: chain.subject, facts: facts)
        )
        let session = FitSession(rowCount: rows.count, label: { [clean, rows] in clean.label(at: rows[$0]) ?? -1 }) {
            window in try waitFor { try await evidence(of: window, detector: place) }
        }
        return try session.run(learner)
    }

    /// Evidence of some of the rows, copied so that it lasts.
    private func evidence(of window: Range<Int>, detector place: Int) async throws -> [FitRow] {
        let batch = try clean.rows(at: Array(rows[window]))
        let digests = try await chain.digests(of: batch)
        let found = PerRow<FitRow>(count: window.count)
        _ = try await chain.run(batch, digests: digests, servedOutputs: [], key: key) { batch, row, index in
            if let reason = batch.failure(ofDetector: place, row: row) {
                found.set(FitRow(failure: reason), at: index)
            } else {
                found.set(batch.withEvidence(ofDetector: place, row: row) { FitRow(input: $0, tensors: $1) }, at: index)
            }
        }
        return found.all()
    }

    /// Blocks the fitting thread, and only that, until asynchronous work is done.
    private func waitFor<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let done = DispatchSemaphore(value: 0)
        let result = PerRow<Result<Value, any Error>>(count: 1)
        Task {
            do {
                result.set(.success(try await work()), at: 0)
            } catch {
                result.set(.failure(error), at: 0)
            }
            done.signal()
        }
        done.wait()
        return try result.all()[0].get()
    }
}

/// A row's evidence, in memory of its own.
///
/// Proof of `@unchecked Sendable`: written in `init` alone, read until `deinit`; the tensors' pointers lead into `numbers`
/// and to extents that `shapes` keeps.
final class FitRow: @unchecked Sendable {
    /// Why the row's evidence could not be made.
    let failure: String?
    let input: picket_tensor
    let tensors: UnsafeMutableBufferPointer<picket_tensor>
    private let numbers: UnsafeMutableBufferPointer<Float>
    private let extents: UnsafeMutableBufferPointer<Int64>

    init(failure: String) {
        self.failure = failure
        input = picket_tensor()
        tensors = .allocate(capacity: 0)
        numbers = .allocate(capacity: 0)
        extents = .allocate(capacity: 0)
    }

    init(input: picket_tensor, tensors: [picket_tensor]) {
        let all = [input] + tensors
        let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: all.reduce(0) { $0 + $1.count })
        let extents = UnsafeMutableBufferPointer<Int64>.allocate(capacity: all.reduce(0) { $0 + Int($1.rank) })
        var copies: [picket_tensor] = []
        var nextNumber = 0
        var nextExtent = 0
        for var tensor in all {
            let ownNumbers = UnsafeMutableBufferPointer(rebasing: numbers[nextNumber..<nextNumber + tensor.count])
            let ownExtents = UnsafeMutableBufferPointer(rebasing: extents[nextExtent..<nextExtent + Int(tensor.rank)])
            _ = ownNumbers.initialize(from: UnsafeBufferPointer(start: tensor.data, count: tensor.count))
            _ = ownExtents.initialize(from: UnsafeBufferPointer(start: tensor.extents, count: Int(tensor.rank)))
            nextNumber += tensor.count
            nextExtent += Int(tensor.rank)
            tensor.data = UnsafePointer(ownNumbers.baseAddress)
            tensor.extents = UnsafePointer(ownExtents.baseAddress)
            copies.append(tensor)
        }
        failure = nil
        self.input = copies[0]
        self.tensors = .allocate(capacity: tensors.count)
        _ = self.tensors.initialize(from: copies.dropFirst())
        self.numbers = numbers
        self.extents = extents
    }

    deinit {
        tensors.deallocate()
        numbers.deallocate()
        extents.deallocate()
    }
}
