public import PicketInference
import PicketTensor

/// `picket bench`: how long the native core takes for a pass of a model.
public struct CoreBenchmark {
    /// What was measured; its JSON is a contract, to which keys may be added.
    public struct Figures: Sendable, Encodable {
        /// The file.
        public var model: String
        /// Rows of a pass.
        public var batch: Int
        /// Threads that shared out a pass.
        public var threads: Int
        /// The kernels' ISA level.
        public var isa: String
        /// How weights were multiplied.
        public var precision: String
        /// Passes measured.
        public var iterations: Int
        /// Half of the passes took no longer.
        public var p50Milliseconds: Double
        /// 99 of 100 passes took no longer.
        public var p99Milliseconds: Double
        /// Rows a second, over the whole time.
        public var inferencesPerSecond: Double

        enum CodingKeys: String, CodingKey {
            case model, batch, threads, isa, precision, iterations
            case p50Milliseconds = "p50_ms"
            case p99Milliseconds = "p99_ms"
            case inferencesPerSecond = "inferences_per_second"
        }
    }

    private let path: String
    private let batch: Int
    private let threads: Int
    private let compiled: CompiledModel
    private let session: Session
    private let inputs: [Model.Port]

    /// - Parameters:
    ///   - batch: rows of a pass.
    ///   - threads: that share out a pass.
    ///   - precision: of products with constant weights.
    /// - Throws: what keeps the model from running.
    public init(path: String, batch: Int, threads: Int, precision: Precision = .float32) throws {
        self.path = path
        self.batch = batch
        self.threads = threads
        let model = try Model(path: path)
        inputs = model.inputs
        compiled = try CompiledModel(model, precision: precision)
        session = Session(compiled, threads: threads)
    }

    /// Runs passes for as long as it is told, after a tenth of that to warm up.
    public func run(for duration: Duration) throws -> Figures {
        _ = try measure(rows: batch, for: duration / 10)
        var times = try measure(rows: batch, for: duration)
        let total = times.reduce(.zero, +)
        times.sort()
        return Figures(
            model: path,
            batch: batch,
            threads: threads,
            isa: compiled.isaLevel,
            precision: compiled.precision.rawValue,
            iterations: times.count,
            p50Milliseconds: times[times.count / 2] / .milliseconds(1),
            p99Milliseconds: times[min(times.count * 99 / 100, times.count - 1)] / .milliseconds(1),
            inferencesPerSecond: Double(times.count * batch) / (total / .seconds(1))
        )
    }

    /// One pass at least; rows are ready beforehand, so that the time of a pass has only their copying in it.
    func measure(rows: Int, for duration: Duration) throws -> [Duration] {
        let made = try self.made(rows)
        let clock = ContinuousClock()
        let end = clock.now + duration
        var times: [Duration] = []
        repeat {
            let start = clock.now
            _ = try session.run(rows: rows) { index, row in
                for position in inputs.indices { row[position].copyBytes(from: made[index][position]) }
            }
            times.append(start.duration(to: clock.now))
        } while clock.now < end
        return times
    }

    /// The bytes of each input of so many rows, made where a pass wants them: it knows how many they are.
    private func made(_ rows: Int) throws -> [[[UInt8]]] {
        var made: [[[UInt8]]] = []
        _ = try session.run(rows: rows) { index, row in
            made.append(
                inputs.enumerated().map { position, port in
                    fill(row[position], port: port, seed: index)
                    return Array(row[position])
                }
            )
        }
        return made
    }

    /// Numbers from 0 to 1 in float32 inputs, small ones in others: cheap to make, and no denormals.
    private func fill(_ bytes: UnsafeMutableRawBufferPointer, port: Model.Port, seed: Int) {
        guard port.fact.elementType == .float32 else {
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            return
        }
        // The session gives memory of the input's own type.
        let numbers = bytes.assumingMemoryBound(to: Float.self)
        for index in numbers.indices { numbers[index] = Float((index &* 31 &+ seed &* 17) & 255) / 255 }
    }
}
