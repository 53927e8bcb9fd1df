internal import CPicketABI
internal import PicketCrypto
internal import PicketTensor

/// What a detector is made of.
public struct DetectorSpecification: Sendable {
    /// The detector's name in its chain; unique there.
    public var name: String
    public var plugin: Plugin
    /// The plugin's configuration, a JSON object in canonical form: equal configurations are equal texts.
    public var configuration: String

    public init(name: String, plugin: Plugin, configuration: String) {
        self.name = name
        self.plugin = plugin
        self.configuration = configuration
    }

    /// Names for the detectors of a chain: the plugin's, numbered from the second of a kind on ("jpeg", "jpeg-2").
    public static func names(forPlugins plugins: [String]) -> [String] {
        var seen: [String: Int] = [:]
        return plugins.map { plugin in
            seen[plugin, default: 0] += 1
            let number = seen[plugin, default: 1]
            return number == 1 ? plugin : "\(plugin)-\(number)"
        }
    }
}

/// One detector of a loaded plugin.
///
/// Proof of `@unchecked Sendable`: the pointer never changes. `create` and `destroy` run in `init` and `deinit`, `plan` and
/// `fit` only while the one owner has not shared the object yet (``Chain`` plans in its own `init`; fitting uses an
/// instance of its own), and `render`, `score` and `report` may be called from any thread at once, as the ABI demands of plugins.
final class Detector: @unchecked Sendable {
    let name: String
    let plugin: Plugin

    private let host: PluginHost
    let pointer: OpaquePointer
    private var table: picket_plugin { plugin.table }

    init(
        _ specification: DetectorSpecification,
        subject: Subject,
        state: [UInt8],
        log: @escaping DetectorLog,
        facts: @escaping @Sendable (String) -> ModelFacts?
    ) throws(PluginFault) {
        let plugin = specification.plugin
        let host = PluginHost(detector: specification.name, log: log, facts: facts)
        var error = picket_error()
        var created: OpaquePointer?
        let extents = ForeignShape(subject.rowShape)
        let status = specification.configuration.withPicketString { configuration in
            subject.model.withPicketString { model in
                state.withUnsafeBytes { state in
                    var foreign = picket_subject(
                        struct_size: UInt32(MemoryLayout<picket_subject>.size),
                        kind: subject.kind == .image ? PICKET_SUBJECT_IMAGE : PICKET_SUBJECT_TENSOR,
                        rank: UInt32(subject.rowShape.rank),
                        extents: extents.extents,
                        grid: UInt32(clamping: subject.grid),
                        class_count: UInt32(clamping: subject.classCount),
                        model: model
                    )
                    let blob = picket_bytes(data: state.isEmpty ? nil : state.baseAddress, length: state.count)
                    return plugin.table.create(host.table, configuration, &foreign, blob, &created, &error)
                }
            }
        }
        withExtendedLifetime(extents) {}
        guard status == PICKET_OK else {
            throw .refused(detector: specification.name, call: "create", message: error.text)
        }
        guard let created else {
            throw .refused(detector: specification.name, call: "create", message: "the plugin returned no detector")
        }
        self.name = specification.name
        self.plugin = plugin
        self.host = host
        self.pointer = created
    }

    deinit {
        table.destroy(pointer)
    }

    /// Lets the plugin name what it needs; once, right after creation.
    func plan(_ planner: UnsafePointer<picket_planner>) throws(PluginFault) {
        var error = picket_error()
        guard table.plan(pointer, planner, &error) == PICKET_OK else {
            throw .refused(detector: name, call: "plan", message: error.text)
        }
    }

    /// Writes a variant. Returns what went wrong, if anything.
    func render(
        token: UInt64,
        source: picket_tensor,
        generator: KeyedGenerator?,
        destination: picket_mutable_tensor
    ) -> String? {
        guard let render = table.render else { return "the plugin renders no variants" }
        var error = picket_error()
        var source = source
        var destination = destination
        guard let generator else {
            return render(pointer, token, &source, nil, &destination, &error) == PICKET_OK ? nil : error.text
        }
        // The generator is kept alive by this frame, and the plugin may use the pointer during the call only.
        return withExtendedLifetime(generator) {
            var foreign = picket_generator(
                struct_size: UInt32(MemoryLayout<picket_generator>.size),
                context: Unmanaged.passUnretained(generator).toOpaque(),
                next: { context in
                    guard let context else { return 0 }
                    return Unmanaged<KeyedGenerator>.fromOpaque(context).takeUnretainedValue().next()
                }
            )
            return render(pointer, token, &source, &foreign, &destination, &error) == PICKET_OK ? nil : error.text
        }
    }

    /// The components of one row.
    func score(input: picket_tensor, tensors: [picket_tensor], components names: [String]) -> DetectorOutcome {
        var error = picket_error()
        var components = [Double](repeating: .nan, count: names.count)
        let status = tensors.withUnsafeBufferPointer { tensors in
            var evidence = picket_evidence(
                struct_size: UInt32(MemoryLayout<picket_evidence>.size),
                input: input,
                tensors: tensors.baseAddress,
                tensor_count: tensors.count
            )
            return table.score(pointer, &evidence, &components, names.count, &error)
        }
        guard status == PICKET_OK else { return .failed(error.text) }
        if let index = components.firstIndex(where: { !$0.isFinite }) {
            return .failed("component \(names[index]) is \(components[index]), expected a finite number")
        }
        return .components(components)
    }

    /// Lets the plugin learn from clean rows.
    func fit(_ clean: UnsafePointer<picket_fit_set>, _ sink: UnsafePointer<picket_state_sink>) throws(PluginFault) {
        guard let fit = table.fit else { return }
        var error = picket_error()
        guard fit(pointer, clean, sink, &error) == PICKET_OK else {
            throw .refused(detector: name, call: "fit", message: error.text)
        }
    }
}

/// A shape's extents where C can read them.
///
/// Proof of `@unchecked Sendable`: written in `init` alone, read until `deinit`.
final class ForeignShape: @unchecked Sendable {
    let extents: UnsafePointer<Int64>
    let rank: UInt32
    let count: Int

    init(_ shape: Shape) {
        // One element more than the rank, so that a scalar's extents have an address too.
        let memory = UnsafeMutablePointer<Int64>.allocate(capacity: shape.rank + 1)
        memory.initialize(repeating: 1, count: shape.rank + 1)
        for axis in 0..<shape.rank {
            memory[axis] = Int64(shape[axis])
        }
        extents = UnsafePointer(memory)
        rank = UInt32(shape.rank)
        count = shape.elementCount
    }

    deinit {
        extents.deallocate()
    }

    /// A tensor of this shape; the memory is the caller's, for as long as the tensor is used.
    func tensor(_ data: UnsafePointer<Float>) -> picket_tensor {
        picket_tensor(element_type: PICKET_FLOAT32, rank: rank, extents: extents, data: data, count: count)
    }

    /// The same, to be written.
    func destination(_ data: UnsafeMutablePointer<Float>) -> picket_mutable_tensor {
        picket_mutable_tensor(element_type: PICKET_FLOAT32, rank: rank, extents: extents, data: data, count: count)
    }
}
