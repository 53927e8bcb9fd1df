internal import CPicketABI
internal import PicketCrypto
internal import PicketTensor
internal import Synchronization

/// Distinct rows on their way through the chain: what was rendered, what passes returned, what failed.
///
/// Proof of `@unchecked Sendable`: a slot's memory for one row and node is written by the one call that renders it, in one
/// `perform` or fill, and read only in later stages, which begin after that stage's call returned. `outputs` is
/// written by the one thread that evaluates, between stages. The failures have a lock. The memory is freed when the last
/// closure that could touch it is gone.
final class RowBatch: @unchecked Sendable {
    let plan: ChainPlan
    /// [n, row…], float32.
    let rows: Tensor
    let count: Int
    private let seeds: [SHA256Digest]
    private let detectors: [Detector]
    private let slots: [UnsafeMutableBufferPointer<Float>]
    private let failures = Mutex<[Failure: String]>([:])
    private var outputs: [[PassOutput]] = []

    private struct Failure: Hashable {
        var row: Int
        var node: Int
    }

    /// - Parameter seeds: One for each row where the plan draws, else none.
    init(plan: ChainPlan, detectors: [Detector], rows: Tensor, seeds: [SHA256Digest]) {
        precondition(!plan.drawsAny || seeds.count == rows.rowCount, "a plan that draws has a seed for each row")
        self.plan = plan
        self.detectors = detectors
        self.rows = rows
        self.count = rows.rowCount
        self.seeds = seeds
        slots = plan.slots.map { .allocate(capacity: rows.rowCount * plan.nodes[$0].shape.elementCount) }
    }

    deinit {
        for slot in slots { slot.deallocate() }
    }

    /// Takes what the passes of the next stage returned.
    func append(_ stage: [PassOutput]) {
        outputs.append(stage)
    }

    /// A tensor that the served model gave of the rows themselves: the first rows of its stage's first pass.
    func servedOutput(_ index: Int) -> Tensor {
        outputs[plan.servedStage][0].tensors[index].rows(0..<count)
    }

    /// Writes row `row` of a pass whose runs lie below one another.
    func fill(_ pass: ChainPlan.PlannedPass, row: Int, destination: UnsafeMutableBufferPointer<Float>) {
        let source = plan.nodes[pass.runs[row / count]].source
        let row = row % count
        if plan.places[source] == .fill {
            make(source, row: row, destination: destination)
        } else {
            withNode(source, row: row) { numbers in
                precondition(numbers.count == destination.count, "a pass's rows have the shape that was planned")
                _ = destination.update(fromContentsOf: numbers)
            }
        }
    }

    /// Renders or derives a node that is stored.
    func store(_ node: Int, row: Int) {
        make(node, row: row, destination: slotPart(of: node, row: row))
    }

    private func slotPart(of node: Int, row: Int) -> UnsafeMutableBufferPointer<Float> {
        guard case .slot(let slot) = plan.places[node] else {
            preconditionFailure("only stored nodes are made ahead of their readers")
        }
        return part(of: slots[slot], row: row, elementCount: plan.nodes[node].shape.elementCount)
    }

    /// Does what the plan has for one row of a layer, whose memory is the model's and valid for the call.
    func take(_ pass: ChainPlan.PlannedPass, row: Int, layer: Int, elements: UnsafeBufferPointer<Float>) {
        guard let taking = pass.takings[row / count][layer] else { return }
        let row = row % count
        if let kept = taking.kept {
            let destination = slotPart(of: kept, row: row)
            precondition(elements.count == destination.count, "a layer has the shape that was planned")
            _ = destination.update(fromContentsOf: elements)
        }
        for variant in taking.variants {
            precondition(
                elements.count == plan.nodes[plan.nodes[variant].source].shape.elementCount,
                "a layer has the shape that was planned"
            )
            make(variant, row: row, taken: elements, destination: slotPart(of: variant, row: row))
        }
    }

    /// - Parameter taken: The source's numbers, where it is a layer that the model's memory holds just now.
    private func make(
        _ node: Int,
        row: Int,
        taken: UnsafeBufferPointer<Float>? = nil,
        destination: UnsafeMutableBufferPointer<Float>
    ) {
        if let derivation = plan.derivations[node] {
            withPlace(derivation.origin, elementCount: destination.count, row: row) { output in
                ClassProbabilities.write(
                    output,
                    kind: derivation.kind,
                    isLogarithm: derivation.isLogarithm,
                    to: destination
                )
            }
            return
        }
        guard case .variant(let detector, let token, let isDrawn) = plan.nodes[node].kind else {
            preconditionFailure("only variants and probabilities are made by the chain")
        }
        guard let base = destination.baseAddress else { preconditionFailure("no variant is empty") }
        let sourceNode = plan.nodes[node].source
        let generator = isDrawn ? generator(of: node, row: row) : nil
        let reason = withSource(sourceNode, taken, row: row) { source in
            detectors[detector].render(
                token: token,
                source: plan.nodes[sourceNode].foreign.tensor(address(of: source)),
                generator: generator,
                destination: plan.nodes[node].foreign.destination(base)
            )
        }
        if let reason {
            // Later readers see zeros, not what the memory held before; their scores are never used.
            destination.update(repeating: 0)
            failures.withLock { $0[Failure(row: row, node: node)] = "\(plan.nodes[node].label): \(reason)" }
        }
    }

    /// The draws of one row and variant: the same whenever, wherever and beside whomever the row comes.
    private func generator(of node: Int, row: Int) -> KeyedGenerator {
        KeyedGenerator(seed: HMACSHA256.code(key: seeds[row].bytes, message: plan.nodes[node].identity.bytes))
    }

    /// Why a detector can't judge a row: the first of the nodes that it needs which failed.
    func failure(ofDetector index: Int, row: Int) -> String? {
        failures.withLock { failures in
            if failures.isEmpty { return nil }
            for node in plan.dependencies[index] {
                if let reason = failures[Failure(row: row, node: node)] { return reason }
            }
            return nil
        }
    }
}

extension RowBatch {
    /// A node's numbers for one row; the pointer is valid for the call.
    func withNode<Result>(_ node: Int, row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
        withPlace(plan.places[node], elementCount: plan.nodes[node].shape.elementCount, row: row, body)
    }

    private func withSource<Result>(
        _ node: Int,
        _ taken: UnsafeBufferPointer<Float>?,
        row: Int,
        _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        if let taken { body(taken) } else { withNode(node, row: row, body) }
    }

    private func withPlace<Result>(
        _ place: ChainPlan.Place,
        elementCount: Int,
        row: Int,
        _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        switch place {
        case .input:
            return rows.withUnsafeElements(of: Float.self) { elements in
                body(UnsafeBufferPointer(rebasing: elements[row * elementCount..<(row + 1) * elementCount]))
            }
        case .slot(let slot):
            return body(UnsafeBufferPointer(part(of: slots[slot], row: row, elementCount: elementCount)))
        case .output(let stage, let pass, let tensor, let run):
            return outputs[stage][pass].tensors[tensor].withUnsafeElements(of: Float.self) { elements in
                let start = (run * count + row) * elementCount
                return body(UnsafeBufferPointer(rebasing: elements[start..<start + elementCount]))
            }
        case .fill, .none:
            preconditionFailure("a node that somebody reads has a place")
        }
    }

    private func part(
        of slot: UnsafeMutableBufferPointer<Float>,
        row: Int,
        elementCount: Int
    ) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(rebasing: slot[row * elementCount..<(row + 1) * elementCount])
    }

    /// A row's evidence for one detector: the input, and the tensors that it wanted, in order; valid for the call.
    func withEvidence<Result>(
        ofDetector index: Int,
        row: Int,
        _ body: (_ input: picket_tensor, _ tensors: [picket_tensor]) -> Result
    ) -> Result {
        let reading = plan.readings[index]
        return withNode(ChainGraph.input, row: row) { input in
            withOutputs(reading.outputs, found: []) { outputs in
                let tensors = zip(plan.detectors[index].wants, reading.places).map { node, place in
                    let foreign = plan.nodes[node].foreign
                    return switch place {
                    case .slot(let slot): foreign.tensor(address(of: slots[slot]) + row * foreign.count)
                    case .output(let output, let run):
                        foreign.tensor(outputs[output] + (run * count + row) * foreign.count)
                    }
                }
                return body(plan.nodes[ChainGraph.input].foreign.tensor(address(of: input)), tensors)
            }
        }
    }

    /// One frame for each tensor that passes returned, so that every pointer is valid in `body`.
    private func withOutputs<Result>(
        _ wanted: [ChainPlan.OutputTensor],
        found: [UnsafePointer<Float>],
        _ body: ([UnsafePointer<Float>]) -> Result
    ) -> Result {
        guard found.count < wanted.count else { return body(found) }
        let next = wanted[found.count]
        return outputs[next.stage][next.pass].tensors[next.tensor].withUnsafeElements(of: Float.self) { elements in
            withOutputs(wanted, found: found + [address(of: elements)], body)
        }
    }

    private func address(of numbers: UnsafeBufferPointer<Float>) -> UnsafePointer<Float> {
        guard let address = numbers.baseAddress else { preconditionFailure("no tensor of a chain is empty") }
        return address
    }

    private func address(of numbers: UnsafeMutableBufferPointer<Float>) -> UnsafePointer<Float> {
        address(of: UnsafeBufferPointer(numbers))
    }
}
