import CPicketABI

/// A host that does the work itself: creates a detector through its C table, lets it plan, and evaluates rows by running the
/// planned graph, variants through the plugin and models by formula.
final class Bench {
    let plugin: UnsafePointer<picket_plugin>
    let graph: BenchGraph
    let extents: [Int]
    let models: [String: ModelStand]
    /// What the detector logged.
    let log: LogLines
    private let detector: OpaquePointer

    /// - Parameter models: by name, the served one under `served`.
    init(
        _ plugin: UnsafePointer<picket_plugin>,
        configuration: String = "{}",
        kind: Int32 = PICKET_SUBJECT_IMAGE,
        isOnGrid: Bool = true,
        models: [String: ModelStand],
        state: [UInt8] = []
    ) throws {
        let served = models["served"]
        let extents = served?.extents ?? []
        let log = LogLines()
        let services = BenchServices(models: models, log: log)
        let made = try services.withHost { host in
            try creating(plugin, host, configuration, kind, isOnGrid, extents, served?.classCount ?? 0, state)
        }
        self.plugin = plugin
        self.extents = extents
        self.models = models
        self.log = log
        detector = made
        graph = BenchGraph(models: models, extents: extents)
        let graph = graph
        try answering { error in graph.withPlanner { plugin.pointee.plan(made, $0, error) } }
    }

    deinit {
        plugin.pointee.destroy(detector)
    }

    /// The components of a row, by name.
    func score(_ row: [Float]) throws -> [String: Double] {
        let wanted = try evidence(row)
        let memory = BenchEvidence(row: (row, extents), wanted: wanted)
        var components = [Double](repeating: -1, count: graph.components.count)
        try answering { error in
            memory.withEvidence { plugin.pointee.score(detector, $0, &components, components.count, error) }
        }
        return Dictionary(uniqueKeysWithValues: zip(graph.components, components))
    }

    /// What the detector learns from clean rows; label −1 is none.
    func fit(_ rows: [[Float]], labels: [Int]? = nil) throws -> [UInt8] {
        guard let fit = plugin.pointee.fit else {
            throw HostedFault(status: PICKET_UNSUPPORTED, message: "the plugin does not learn")
        }
        let memories = try rows.map { BenchEvidence(row: ($0, extents), wanted: try evidence($0)) }
        let set = BenchRows(memories: memories, labels: labels ?? rows.map { _ in -1 })
        try set.withSet { clean, sink in try answering { error in fit(detector, clean, sink, error) } }
        return set.state
    }

    /// Every wanted tensor of a row.
    func evidence(_ row: [Float]) throws -> [(elements: [Float], extents: [Int])] {
        var values: [[Float]] = []
        var passes: [Int: [String: [Float]]] = [:]
        for (index, node) in graph.nodes.enumerated() {
            switch node.kind {
            case .input: values.append(row)
            case .variant(let source, _, let token):
                let from = (values[source], graph.nodes[source].extents)
                values.append(try render(token, from: from, to: node.extents))
            case .run(let source, let model):
                passes[index] = models[model]?.run(values[source]) ?? [:]
                values.append([])
            case .tensor(let run, let name):
                guard let tensor = passes[run]?[name] else {
                    throw HostedFault(status: PICKET_INVALID, message: "the formula gives no \(name)")
                }
                values.append(tensor)
            }
        }
        return graph.wanted.map { (values[$0], graph.nodes[$0].extents) }
    }

    /// One variant, without a generator.
    func render(
        _ token: UInt64,
        from source: (elements: [Float], extents: [Int]),
        to extents: [Int]
    ) throws -> [Float] {
        var destination = [Float](repeating: .nan, count: extents.reduce(1, *))
        let detector = detector
        try answering { error in
            withTensor(source.elements, source.extents) { source in
                extents.map(Int64.init).withUnsafeBufferPointer { extents in
                    destination.withUnsafeMutableBufferPointer { room in
                        var source = source
                        var target = picket_mutable_tensor(
                            element_type: PICKET_FLOAT32,
                            rank: UInt32(extents.count),
                            extents: extents.baseAddress,
                            data: room.baseAddress,
                            count: room.count
                        )
                        return plugin.pointee.render(detector, token, &source, nil, &target, error)
                    }
                }
            }
        }
        return destination
    }
}

private func creating(
    _ plugin: UnsafePointer<picket_plugin>,
    _ host: UnsafePointer<picket_host>,
    _ configuration: String,
    _ kind: Int32,
    _ isOnGrid: Bool,
    _ extents: [Int],
    _ classCount: Int,
    _ state: [UInt8]
) throws -> OpaquePointer {
    var made: OpaquePointer?
    try answering { error in
        extents.map(Int64.init).withUnsafeBufferPointer { extents in
            withString("served") { name in
                var subject = picket_subject()
                subject.struct_size = UInt32(MemoryLayout<picket_subject>.size)
                subject.kind = kind
                subject.rank = UInt32(extents.count)
                subject.extents = extents.baseAddress
                subject.grid = isOnGrid ? 255 : 0
                subject.class_count = UInt32(classCount)
                subject.model = name
                return withString(configuration) { json in
                    state.withUnsafeBytes { state in
                        let bytes = picket_bytes(data: state.baseAddress, length: state.count)
                        return plugin.pointee.create(host, json, &subject, bytes, &made, error)
                    }
                }
            }
        }
    }
    guard let made else { throw HostedFault(status: PICKET_OK, message: "no detector, and no reason") }
    return made
}
