import PicketInference
import PicketTensor

/// A pass through what the fuzzer found: its inputs hold odd numbers, and what would take long is left alone.
struct FuzzedRun {
    /// What a pass may take: more is slow by right, and tells nothing.
    static let arenaBytes = 8 << 20
    static let operations = 1 << 24

    private let model: CompiledModel
    private let numbers: OddNumbers

    init(_ model: Model, seed: Int) throws {
        self.model = try CompiledModel(model)
        numbers = OddNumbers(seed: seed)
    }

    func run() throws {
        guard let operations = model.floatingPointOperations, model.inputs.allSatisfy({ rowShape($0) != nil }) else {
            return try runTensors()
        }
        for rows in 1...2 {
            guard operations * rows <= Self.operations, try model.memory(rows: rows).arenaBytes <= Self.arenaBytes
            else { return }
            do {
                _ = try Session(model).run(rows: rows) { index, row in
                    for (place, port) in model.inputs.enumerated() {
                        numbers.write(into: row[place], port.fact.elementType, from: index + place)
                    }
                }
            } catch SessionFault.noRows {
                return try runTensors()
            }
        }
    }

    /// Whole tensors, for what has no rows and what leaves extents open.
    private func runTensors() throws {
        guard model.floatingPointOperations != nil else { return }
        for extent in [1, 2, 5] {
            var tensors: [String: Tensor] = [:]
            for (place, port) in model.inputs.enumerated() {
                guard let dimensions = port.fact.dimensions else { return }
                let shape = try Shape(validating: dimensions.map { $0.extent ?? extent })
                guard shape.elementCount <= 4096 else { return }
                var tensor = Tensor(zeros: port.fact.elementType, shape: shape)
                tensor.withUnsafeMutableBytes { numbers.write(into: $0, port.fact.elementType, from: place) }
                tensors[port.name] = tensor
            }
            _ = try? Session(model).run(tensors)
        }
    }

    private func rowShape(_ port: Model.Port) -> Shape? {
        guard let dimensions = port.fact.dimensions, !dimensions.isEmpty else { return nil }
        return try? Shape(validating: dimensions.dropFirst().map { $0.extent ?? -1 })
    }
}

/// The content of inputs: small numbers, with some that overflow or are none.
struct OddNumbers {
    private static let floats: [Float] = [0, 1, -1, 0.5, 2.5, -3, 100, .nan, .infinity, 1e30, 3, 2, -0.0]
    private static let integers: [Int64] = [0, 1, 2, -1, 3, 4, -2, 100, .min, .max, 5, 1, 0]

    let seed: Int

    /// Sound: callers give memory of whole elements of the type, aligned for it or stored without alignment here.
    func write(into bytes: UnsafeMutableRawBufferPointer, _ type: ElementType, from start: Int) {
        let size = type.byteCount
        for index in 0..<bytes.count / max(size, 1) {
            let place = (seed + start * 3 + index) % Self.floats.count
            let value = Self.integers[place]
            switch type {
            case .float32: bytes.storeBytes(of: Self.floats[place], toByteOffset: index * size, as: Float.self)
            case .float64: bytes.storeBytes(of: Double(Self.floats[place]), toByteOffset: index * size, as: Double.self)
            case .bool: bytes[index] = UInt8(place & 1)
            default:
                withUnsafeBytes(of: value.littleEndian) { source in
                    for byte in 0..<size { bytes[index * size + byte] = source[byte] }
                }
            }
        }
    }
}
