internal import PicketCrypto
internal import PicketTensor

extension Chain {
    /// Memory that rows on their way through the chain may keep; more rows than fit go through one group after another. The
    /// rows of a group are few enough, too, that a small request waits for a fraction of a large one.
    private static let retainedByteLimit = 256 << 20
    private static let groupRowLimit = 256

    struct Run: Sendable {
        var servedOutputs: [Tensor]
        var forwardPasses: Int
    }

    /// Takes distinct rows through every stage, group after group; each group goes to a thread of the runner once, so that
    /// other requests have their turn in between.
    ///
    /// - Parameter finish: Called once a row on the runner's threads when all evidence of the row is there, with the row's
    ///   place in its group and its index among `rows`.
    func run(
        _ rows: Tensor,
        digests: [SHA256Digest],
        servedOutputs: [String],
        key: RandomnessKey,
        finish: @escaping @Sendable (_ batch: RowBatch, _ row: Int, _ index: Int) -> Void
    ) async throws -> Run {
        let size = max(1, min(Chain.groupRowLimit, Chain.retainedByteLimit / max(plan.retainedByteCount, 1)))
        var parts: [[Tensor]] = []
        var forwardPasses = 0
        for start in stride(from: 0, to: rows.rowCount, by: size) {
            let group = start..<min(start + size, rows.rowCount)
            let part = try await runner.onThread { [self] worker in
                let seeds = plan.drawsAny ? group.map { seed(of: digests[$0], key: key) } : []
                let batch = RowBatch(plan: plan, detectors: members, rows: rows.rows(group), seeds: seeds)
                let run = try self.run(batch, servedOutputs: servedOutputs, on: worker)
                let closing = plan.closing
                try worker.perform(count: group.count) { row in
                    for node in closing { batch.store(node, row: row) }
                    finish(batch, row, start + row)
                }
                return run
            }
            parts.append(part.servedOutputs)
            forwardPasses += part.forwardPasses
        }
        let whole = servedOutputs.indices.map { output in Tensor.concatenatingRows(parts.map { $0[output] }) }
        return Run(servedOutputs: whole, forwardPasses: forwardPasses)
    }

    /// The seed of all draws on one row: a keyed code of the row's, the served model's and the chain's digests. Each
    /// variant's own seed follows from it and the variant's identity (``RowBatch``), so that the row's bytes are hashed
    /// once.
    private func seed(of row: SHA256Digest, key: RandomnessKey) -> SHA256Digest {
        key.code(of: Array("picket draw 1:\(row.hex):\(models[0].digest):\(digest.hex)".utf8))
    }

    private func run(_ batch: RowBatch, servedOutputs: [String], on worker: any Worker) throws -> Run {
        var forwardPasses = 0
        var served: [Tensor] = []
        for (index, stage) in plan.stages.enumerated() {
            for wave in stage.waves {
                try worker.perform(count: wave.count * batch.count) { call in
                    batch.store(wave[call / batch.count], row: call % batch.count)
                }
            }
            let isServedStage = index == plan.servedStage
            let outputs = try run(stage, batch, extra: isServedStage ? servedOutputs : [], on: worker)
            batch.append(outputs)
            forwardPasses += outputs.reduce(0) { $0 + $1.forwardPasses }
            if isServedStage {
                let names = Chain.names(of: stage.passes[0], extra: servedOutputs)
                served = servedOutputs.map { name in
                    batch.servedOutput(names.firstIndex(of: name) ?? 0)
                }
            }
        }
        return Run(servedOutputs: served, forwardPasses: forwardPasses)
    }

    /// Runs the passes of a stage side by side: the worker decides what that means.
    private func run(
        _ stage: ChainPlan.Stage,
        _ batch: RowBatch,
        extra: [String],
        on worker: any Worker
    ) throws -> [PassOutput] {
        let jobs = stage.passes.enumerated().map { index, planned in
            let pass = Pass(
                model: planned.model,
                rowCount: planned.runs.count * batch.count,
                tensors: Chain.names(of: planned, extra: index == 0 ? extra : []),
                layers: planned.layers
            )
            return PassJob(pass) { row, destination in
                batch.fill(planned, row: row, destination: destination)
            } take: { row, layer, elements in
                batch.take(planned, row: row, layer: layer, elements: elements)
            }
        }
        let outputs = try worker.run(jobs)
        guard outputs.count == jobs.count else {
            throw ChainFault.runner("\(outputs.count) passes of \(jobs.count) came back")
        }
        for (job, output) in zip(jobs, outputs) { try check(output, of: job.pass) }
        return outputs
    }

    private static func names(of pass: ChainPlan.PlannedPass, extra: [String]) -> [String] {
        pass.tensors + extra.filter { !pass.tensors.contains($0) }
    }

    /// Offsets into a pass's tensors are computed from the plan, so what came back must be what was planned.
    private func check(_ output: PassOutput, of pass: Pass) throws(ChainFault) {
        guard output.tensors.count == pass.tensors.count else {
            throw .runner("model \(pass.model.quoted) gave \(output.tensors.count) tensors of \(pass.tensors.count)")
        }
        let facts = models.first { $0.name == pass.model }
        for (name, tensor) in zip(pass.tensors, output.tensors) {
            guard let expected = facts?.output(named: name), tensor.shape.rank > 0,
                tensor.elementType == expected.elementType,
                tensor.rowCount == pass.rowCount,
                tensor.shape.elementCount == pass.rowCount * expected.rowShape.elementCount
            else {
                throw .runner(
                    "tensor \(name.quoted) of model \(pass.model.quoted) came back as \(tensor.elementType) "
                        + "\(tensor.shape), which is not what the model declares for \(pass.rowCount) rows"
                )
            }
        }
    }
}
