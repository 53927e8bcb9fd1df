import PicketDetection
import PicketInference
import PicketTensor

/// A pass that is about to run, cut into shares.
struct SharedPass: Sendable {
    let job: PassJob
    /// Ranges of rows.
    let shares: [Range<Int>]
    let forwardPasses: Int

    private let name: String
    private let form: RowForm
    private let compiled: CompiledModel

    init(_ job: PassJob, _ model: LoadedModel, threads: Int) {
        self.job = job
        // Both of one form of the model, which may be exchanged at any time.
        let runnable = model.runnable.withLock { $0 }
        name = model.name
        form = model.form
        compiled = runnable.compiled
        let rowCount = job.pass.rowCount
        shares =
            Shares(rows: rowCount, threads: threads, smallest: model.smallestShare, largest: runnable.largestPass)
            .ranges
        forwardPasses = (rowCount + runnable.largestPass - 1) / runnable.largestPass
    }

    /// The pass's tensors for these rows, on the calling thread.
    func run(rows: Range<Int>, _ state: WorkerState) throws -> [Tensor] {
        let session = state.session(of: name, for: compiled)
        if form.isFedAsSeen {
            return try run(rows, session) { index, row in
                // The input is float32, so its memory is aligned for, and holds, a canonical row of them.
                job.fill(rows.lowerBound + index, row[0].assumingMemoryBound(to: Float.self))
            }
        }
        return try state.withRow(form.canonicalShape.elementCount) { canonical in
            try run(rows, session) { index, row in
                job.fill(rows.lowerBound + index, canonical)
                form.feed(UnsafeBufferPointer(canonical), into: row[0])
            }
        }
    }

    private func run(
        _ rows: Range<Int>,
        _ session: Session,
        fill: (Int, InputRow) -> Void
    ) throws -> [Tensor] {
        try session.run(
            rows: rows.count,
            outputs: job.pass.tensors,
            layers: job.pass.layers,
            fill: fill
        ) { index, layer, elements in
            job.take(rows.lowerBound + index, layer, elements)
        }
    }
}
