import CPicketABI

/// A plugin's answer that is not PICKET_OK.
struct HostedFault: Error, Equatable {
    let status: picket_status
    let message: String
}

/// A detector driven through its C table, as any host would.
final class HostedDetector {
    let plugin: UnsafePointer<picket_plugin>
    let graph: PlannedGraph
    let extents: [Int64]
    let detector: OpaquePointer

    /// Creates and plans.
    ///
    /// - Parameter members: the models besides the served one, with their numbers of classes.
    init(
        _ plugin: UnsafePointer<picket_plugin>,
        configuration: String,
        kind: Int32 = PICKET_SUBJECT_IMAGE,
        extents: [Int] = [1, 8, 8],
        classes: Int = 10,
        members: [String: Int] = [:],
        state: [UInt8] = []
    ) throws {
        self.plugin = plugin
        self.extents = extents.map { Int64($0) }
        graph = PlannedGraph(members: Array(members.keys))
        let services = HostServices(extents: self.extents, classes: members)
        var made: OpaquePointer?
        let rowExtents = self.extents
        try answering { error in
            services.withHost { host in
                rowExtents.withUnsafeBufferPointer { extents in
                    withString("served") { name in
                        var subject = picket_subject()
                        subject.struct_size = UInt32(MemoryLayout<picket_subject>.size)
                        subject.kind = kind
                        subject.rank = UInt32(extents.count)
                        subject.extents = extents.baseAddress
                        subject.grid = 255
                        subject.class_count = UInt32(classes)
                        subject.model = name
                        return withString(configuration) { json in
                            state.withUnsafeBytes { state in
                                plugin.pointee.create(
                                    host,
                                    json,
                                    &subject,
                                    picket_bytes(data: state.baseAddress, length: state.count),
                                    &made,
                                    error
                                )
                            }
                        }
                    }
                }
            }
        }
        guard let made else { throw HostedFault(status: PICKET_OK, message: "no detector, and no reason") }
        detector = made
        let graph = graph
        try answering { error in graph.withPlanner { plugin.pointee.plan(made, $0, error) } }
    }

    deinit {
        plugin.pointee.destroy(detector)
    }

    /// The planned variants of the row, by key. `draws` are the generator's numbers for each drawn one.
    func render(_ row: [Float], draws: [String: [UInt64]] = [:]) throws -> [String: [Float]] {
        var rendered: [String: [Float]] = [:]
        for case .variant(_, let key, let token, let drawn) in graph.nodes {
            rendered[key] = try render(row, token: token, bits: drawn ? draws[key, default: []] : nil)
        }
        return rendered
    }

    /// One variant; `bits` nil: without a generator. `room`: a destination of another size than the row's.
    func render(_ row: [Float], token: UInt64, bits: [UInt64]?, room: Int? = nil) throws -> [Float] {
        var destination = [Float](repeating: .nan, count: room ?? row.count)
        var sequence = BitSequence(bits: bits ?? [])
        try answering { error in
            row.withUnsafeBufferPointer { row in
                destination.withUnsafeMutableBufferPointer { room in
                    extents.withUnsafeBufferPointer { extents in
                        withUnsafeMutablePointer(to: &sequence) { sequence in
                            var source = tensor(row, extents)
                            var target = picket_mutable_tensor(
                                element_type: PICKET_FLOAT32,
                                rank: UInt32(extents.count),
                                extents: extents.baseAddress,
                                data: room.baseAddress,
                                count: room.count
                            )
                            var generator = picket_generator()
                            generator.struct_size = UInt32(MemoryLayout<picket_generator>.size)
                            generator.context = UnsafeMutableRawPointer(sequence)
                            generator.next = { BitSequence.next($0) }
                            return withUnsafePointer(to: &generator) { generator in
                                plugin.pointee.render(
                                    detector,
                                    token,
                                    &source,
                                    bits == nil ? nil : generator,
                                    &target,
                                    error
                                )
                            }
                        }
                    }
                }
            }
        }
        return destination
    }

    /// The components, by name. `answer` gives the log-probabilities of a model ("" the served one) on a variant's key ("" the
    /// row itself).
    func score(_ row: [Float], answer: (_ model: String, _ key: String) -> [Float]) throws -> [String: Double] {
        let evidence = try evidence(row, answer)
        var components = [Double](repeating: -1, count: graph.components.count)
        try answering { error in
            evidence.withEvidence { plugin.pointee.score(detector, $0, &components, components.count, error) }
        }
        return Dictionary(uniqueKeysWithValues: zip(graph.components, components))
    }

    func evidence(_ row: [Float], _ answer: (_ model: String, _ key: String) -> [Float]) throws -> EvidenceMemory {
        let wanted = try graph.wanted.map { try tensorValues($0, answer) }
        return EvidenceMemory(row: row, extents: extents, wanted: wanted)
    }

    private func tensorValues(_ node: Int, _ answer: (String, String) -> [Float]) throws -> [Float] {
        guard case .tensor(let run, let name) = graph.nodes[node], case .run(let source, let model) = graph.nodes[run]
        else { throw HostedFault(status: PICKET_INVALID, message: "node \(node) is no tensor of a run") }
        let key = if case .variant(_, let key, _, _) = graph.nodes[source] { key } else { "" }
        let logarithms = answer(model, key)
        return name == PICKET_PROBABILITIES ? logarithms.map { Float(exponential(Double($0))) } : logarithms
    }
}

/// Runs a call and throws what the plugin answered.
func answering(_ body: (UnsafeMutablePointer<picket_error>) -> picket_status) throws {
    var error = picket_error()
    let status = body(&error)
    let message = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    guard status == PICKET_OK else { throw HostedFault(status: status, message: message) }
}

func withString<Value>(_ string: String, _ body: (picket_string) -> Value) -> Value {
    var string = string
    return string.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { body(picket_string(bytes: $0.baseAddress, length: $0.count)) }
    }
}

func tensor(_ data: UnsafeBufferPointer<Float>, _ extents: UnsafeBufferPointer<Int64>) -> picket_tensor {
    picket_tensor(
        element_type: PICKET_FLOAT32,
        rank: UInt32(extents.count),
        extents: extents.baseAddress,
        data: data.baseAddress,
        count: data.count
    )
}
