public import PicketCrypto
public import PicketTensor

extension Chain {
    /// Bytes of rows up to which their digests are made on the caller's thread, since a hop would cost more.
    private static let inlineDigestByteLimit = 64 << 10

    /// Evaluates the rows of a request.
    ///
    /// Rows with the same bytes are evaluated once. A row's evaluation does not depend on the rows beside it.
    /// Scores are computed and judged on the runner's threads, as renders are: a detector may be heavy, and the cooperative
    /// pool serves the sockets.
    ///
    /// - Parameters:
    ///   - rows: [n, row…] float32, canonical, n ≥ 1.
    ///   - servedOutputs: Names of the served model's outputs to return, without duplicates.
    ///   - key: Where random draws come from.
    ///   - judge: Gives a verdict on every row, calibrated for this chain; without one there are none.
    /// - Throws: What the runner throws, ``ChainFault/runner(_:)``, or ``CalibrationFault/requestTooLarge(rows:largest:)``. A
    ///   detector's failure on a row is not thrown: it is that row's outcome.
    public func evaluate(
        _ rows: Tensor,
        servedOutputs: [String],
        key: RandomnessKey,
        judge: Judge? = nil
    ) async throws -> ChainEvaluation {
        let ranks = try judge?.thresholdRanks(rowsInRequest: rows.rowCount) ?? []
        let digests = try await digests(of: rows)
        let distinct = DistinctRows(digests)
        let found = PerRow<FoundRow>(count: distinct.firsts.count)
        let run = try await run(
            distinct.gather(rows),
            digests: distinct.firsts.map { digests[$0] },
            servedOutputs: servedOutputs,
            key: key
        ) { [self] batch, row, index in
            var row = evaluation(of: row, in: batch)
            row.judgement = judge?.judge(row.outcomes, prediction: row.prediction, ranks: ranks)
            found.set(row, at: index)
        }
        let evaluations = found.all()
        let servedOutputs = answered(run.servedOutputs, named: servedOutputs, by: evaluations)
        return ChainEvaluation(
            rows: zip(digests, distinct.places).map { digest, place in
                RowEvaluation(
                    outcomes: evaluations[place].outcomes,
                    facts: evaluations[place].facts,
                    inputDigest: digest.hex,
                    prediction: evaluations[place].prediction
                )
            },
            judgements: judge == nil ? [] : distinct.places.compactMap { evaluations[$0].judgement },
            servedOutputs: servedOutputs.map { distinct.spread($0) },
            forwardPasses: run.forwardPasses
        )
    }

    /// SHA-256 of each row's bytes.
    func digests(of rows: Tensor) async throws -> [SHA256Digest] {
        precondition(
            rows.elementType == .float32 && rows.shape.rank == subject.rowShape.rank + 1
                && rows.shape.row == subject.rowShape && rows.rowCount > 0,
            "a chain evaluates float32 rows of its subject's shape"
        )
        let count = rows.rowCount
        if rows.byteCount <= Chain.inlineDigestByteLimit {
            return (0..<count).map { row in rows.row(row).withUnsafeBytes { SHA256Digest(of: $0) } }
        }
        let digests = PerRow<SHA256Digest>(count: count)
        try await runner.onThread { worker in
            try worker.perform(count: count) { row in
                digests.set(rows.row(row).withUnsafeBytes { SHA256Digest(of: $0) }, at: row)
            }
        }
        return digests.all()
    }

    private func evaluation(of row: Int, in batch: RowBatch) -> FoundRow {
        var found = FoundRow()
        for index in members.indices {
            if let reason = batch.failure(ofDetector: index, row: row) {
                found.append(.failed(reason))
                continue
            }
            batch.withEvidence(ofDetector: index, row: row) { input, tensors in
                let facts = detectors[index]
                let outcome = members[index].score(input: input, tensors: tensors, components: facts.components)
                guard case .components = outcome, facts.answers || !facts.facts.isEmpty else {
                    found.append(outcome)
                    return
                }
                let report = members[index].report(
                    input: input,
                    tensors: tensors,
                    facts: facts.facts,
                    classCount: facts.answers ? subject.classCount : 0
                )
                switch report {
                case .report(let report): found.append(outcome, report)
                case .failed(let reason): found.append(.failed(reason))
                }
            }
        }
        if let answer = found.answer {
            found.prediction = ClassProbabilities.prediction(logarithms: answer)
        } else if let node = plan.servedProbabilities {
            found.prediction = batch.withNode(node, row: row) { ClassProbabilities.prediction($0) }
        }
        return found
    }

    /// The served outputs with a detector's answers in the primary one's place.
    private func answered(_ outputs: [Tensor], named names: [String], by rows: [FoundRow]) -> [Tensor] {
        guard detectors.contains(where: \.answers), let index = names.firstIndex(of: models[0].primaryOutput) else {
            return outputs
        }
        let areProbabilities = models[0].outputKind == .probabilities
        var outputs = outputs
        outputs[index].withUnsafeMutableElements(of: Float.self) { elements in
            for (row, found) in rows.enumerated() {
                guard let answer = found.answer else { continue }
                for (label, logarithm) in answer.enumerated() {
                    elements[row * answer.count + label] =
                        areProbabilities ? ClassProbabilities.probability(logarithm) : logarithm
                }
            }
        }
        return outputs
    }
}

/// What was found for a distinct row.
private struct FoundRow: Sendable {
    var outcomes: [DetectorOutcome] = []
    var facts: [[Double]] = []
    var answer: [Float]?
    var prediction: Prediction?
    var judgement: Judgement?

    mutating func append(_ outcome: DetectorOutcome, _ report: DetectorReport = DetectorReport()) {
        outcomes.append(outcome)
        facts.append(report.facts)
        answer = answer ?? report.answer
    }
}
