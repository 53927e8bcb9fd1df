import PicketRuntime
import PicketTensor
import Synchronization

/// A service of tiny models whose behaviour the first element of `x` chooses, so that cases of data can choose it too.
final class FakeService: InferenceService {
    /// What the first element of the model "sum"'s input asks for, instead of a sum.
    enum Wish: Float {
        case reject = -1
        case failDetector = -2
        case fillQueue = -3
        /// Wait until the task is cancelled.
        case hang = -4
        /// Answer NaN, as withheld rows are.
        case withhold = -5
        case missDeadline = -6
        case fail = -7
        case flag = -8
        case disappear = -9
        /// Answer with everything that can be disclosed.
        case certify = -11
        /// Wait for ``letStubbornGo()``, cancelled or not, then flag.
        case stubborn = -10
    }

    private let state = Mutex(State())

    struct State {
        var isReady = true
        var begun = 0
        var cancelled = 0
        var selfCheck = SelfCheckOutcome.passed
        var requests: [InferenceRequest] = []
        var stubborn: [CheckedContinuation<Void, Never>] = []
    }

    let models: [ServedModel] = [
        ServedModel(
            name: "sum",
            inputs: [TensorInterface(name: "x", elementType: .float32, dimensions: [nil, 4])],
            outputs: [
                TensorInterface(name: "y", elementType: .float32, dimensions: [nil, 1]),
                TensorInterface(name: "z", elementType: .int64, dimensions: [nil]),
            ],
            disclosedOutputs: [TensorInterface(name: "picket_flagged", elementType: .bool, dimensions: [nil])],
            maximumRows: 64
        ),
        ServedModel(
            name: "echo",
            inputs: FakeService.echoed,
            outputs: FakeService.echoed
        ),
        ServedModel(
            name: "large",
            inputs: [TensorInterface(name: "x", elementType: .float32, dimensions: [nil, 65536])],
            outputs: [TensorInterface(name: "y", elementType: .float32, dimensions: [nil, 1])]
        ),
        ServedModel(
            name: "half",
            inputs: [TensorInterface(name: "h", elementType: .float16, dimensions: [nil, 2])],
            outputs: [TensorInterface(name: "h", elementType: .float16, dimensions: [nil, 2])]
        ),
    ]

    private static let echoed = [
        TensorInterface(name: "b", elementType: .bool, dimensions: [nil, 2]),
        TensorInterface(name: "u8", elementType: .uint8, dimensions: [nil, 2, 2]),
        TensorInterface(name: "i64", elementType: .int64, dimensions: [nil, 1]),
        TensorInterface(name: "u64", elementType: .uint64, dimensions: [nil, 1]),
        TensorInterface(name: "f64", elementType: .float64, dimensions: [nil, 1]),
    ]

    func model(named name: String) -> ServedModel? { models.first { $0.name == name } }

    var isReady: Bool { state.withLock { $0.isReady } }
    var figures: ServiceFigures { ServiceFigures() }
    var begun: Int { state.withLock { $0.begun } }
    var cancelled: Int { state.withLock { $0.cancelled } }
    var lastRequest: InferenceRequest? { state.withLock { $0.requests.last } }

    func become(ready: Bool) { state.withLock { $0.isReady = ready } }

    var waitingStubbornly: Int { state.withLock { $0.stubborn.count } }

    /// Lets the stubborn request that has waited longest go on.
    func letStubbornGo() {
        let first = state.withLock { $0.stubborn.isEmpty ? nil : $0.stubborn.removeFirst() }
        first?.resume()
    }

    func set(selfCheck: SelfCheckOutcome) { state.withLock { $0.selfCheck = selfCheck } }

    func selfCheck() async -> SelfCheckOutcome { state.withLock { $0.selfCheck } }

    func infer(_ request: InferenceRequest) async -> InferenceOutcome {
        state.withLock { state in
            state.begun += 1
            state.requests.append(request)
        }
        guard let input = request.inputs.first?.tensor else { return .refused(.failed("no inputs")) }
        guard request.model == "sum" else {
            let outputs = request.model == "large" ? sums(input) : request.inputs
            return .answered(InferenceAnswer(outputs: wanted(outputs, request), disclosure: .none))
        }
        let elements: [Float] = input.elements()
        switch Wish(rawValue: elements[0]) {
        case .reject: return .rejected
        case .failDetector: return .refused(.detectorFailed)
        case .fillQueue: return .refused(.queueFull(waiting: 256, limit: 256))
        case .missDeadline: return .refused(.deadlinePassed(after: .seconds(2)))
        case .fail: return .refused(.failed("the core failed"))
        case .disappear: return .refused(.unknownModel("sum"))
        case .hang:
            // Ends by cancellation alone.
            try? await Task.sleep(for: .seconds(3600))
            state.withLock { $0.cancelled += 1 }
            return .refused(.cancelled)
        case .stubborn:
            await withCheckedContinuation { continuation in
                state.withLock { $0.stubborn.append(continuation) }
            }
            return answered(sums(input), request, flagged: [true])
        case .withhold:
            let tensor = Tensor([Float.nan, .infinity], shape: Shape([2, 1]))
            return answered([NamedTensor(name: "y", tensor: tensor)], request, flagged: [true, false])
        case .certify:
            let facts = [NamedTensor(name: "picket_certified_radius", tensor: Tensor([Float(0.5)], shape: Shape([1])))]
            return .answered(
                InferenceAnswer(
                    outputs: wanted(sums(input), request),
                    disclosure: .score(flagged: [false], scores: [1.5], record: nil),
                    facts: facts
                )
            )
        case .flag: return answered(sums(input), request, flagged: [true])
        case nil: return answered(sums(input), request, flagged: [Bool](repeating: false, count: input.rowCount))
        }
    }

    private func answered(_ outputs: [NamedTensor], _ request: InferenceRequest, flagged: [Bool]) -> InferenceOutcome {
        .answered(InferenceAnswer(outputs: wanted(outputs, request), disclosure: .verdict(flagged: flagged)))
    }

    private func wanted(_ outputs: [NamedTensor], _ request: InferenceRequest) -> [NamedTensor] {
        guard let names = request.outputs else { return outputs }
        return names.compactMap { name in outputs.first { $0.name == name } }
    }

    private func sums(_ input: Tensor) -> [NamedTensor] {
        let sums = (0..<input.rowCount).map { row in
            input.row(row).elements(of: Float.self).reduce(0, +)
        }
        let counts = sums.map { Int64($0) }
        return [
            NamedTensor(name: "y", tensor: Tensor(sums, shape: Shape([sums.count, 1]))),
            NamedTensor(name: "z", tensor: Tensor(counts, shape: Shape([counts.count]))),
        ]
    }
}
