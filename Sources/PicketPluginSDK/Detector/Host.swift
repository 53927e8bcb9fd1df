import CPicketABI

/// The host, and the services that this version of the SDK knows by id.
///
/// Proof of `@unchecked Sendable`: the ABI promises that the host and its services outlive every detector and may be
/// called from any thread; the pointers never change. The one restriction (models are described during creation and
/// planning only) is the caller's, and breaking it is an error of the host's answer, not of memory.
public struct Host: @unchecked Sendable {
    /// How grave a log line is.
    public enum LogLevel: Int32, Sendable {
        case debug = 1
        case info = 2
        case warning = 3
        case error = 4
    }

    /// Facts about a model of the configuration.
    public struct ModelFacts: Sendable, Hashable {
        /// 0 where the model is no classifier.
        public let classCount: Int
        /// Of one input row, in the form that plugins see: C, H, W for an image.
        public let extents: Extents
        /// The intermediate tensors that ``Planner/tensor(_:of:)`` takes, early ones first; empty where the host has none.
        public let layers: [LayerFacts]

        public init(classCount: Int, extents: Extents, layers: [LayerFacts] = []) {
            self.classCount = classCount
            self.extents = extents
            self.layers = layers
        }
    }

    /// An intermediate float32 tensor of a model's graph.
    public struct LayerFacts: Sendable, Hashable {
        /// Its name in the graph.
        public let name: String
        /// The ONNX operator that makes it: "Relu", "Add", "Conv".
        public let operatorType: String
        /// Of one row, without the batch axis: C, H, W for a feature map.
        public let extents: Extents

        public init(name: String, operatorType: String, extents: Extents) {
            self.name = name
            self.operatorType = operatorType
            self.extents = extents
        }
    }

    private let log: UnsafePointer<picket_log_service>?
    private let models: UnsafePointer<picket_model_service>?

    init(_ host: UnsafePointer<picket_host>) {
        log = Host.service(PICKET_SERVICE_LOG, of: host, as: picket_log_service.self)
        models = Host.service(
            PICKET_SERVICE_MODEL,
            of: host,
            as: picket_model_service.self,
            // A host of minor 0 has no layers, and a shorter table.
            least: MemoryLayout<picket_model_service>.offset(of: \.layer)
        )
    }

    /// A host without services: for tests that make a detector by hand.
    public init() {
        log = nil
        models = nil
    }

    /// Writes a constant sentence, with facts beside it, to the daemon's log. Nothing where the host has no log.
    public func log(_ level: LogLevel, _ message: String) {
        guard let service = log, let write = service.pointee.log else { return }
        withPicketString(message) { write(service.pointee.context, level.rawValue, $0) }
    }

    /// Facts about a model of the configuration, during creation and planning; nil where the host has no such service.
    ///
    /// - Throws: ``DetectorFault`` where the configuration has no model of that name.
    public func model(_ name: String) throws -> ModelFacts? {
        guard let service = models, let describe = service.pointee.describe else { return nil }
        var facts = picket_model_facts()
        facts.struct_size = UInt32(MemoryLayout<picket_model_facts>.size)
        try callingHost { error in
            withPicketString(name) { describe(service.pointee.context, $0, &facts, error) }
        }
        // A host of minor 0 refuses no larger struct and leaves its last member as it was: zero.
        return ModelFacts(
            classCount: Int(facts.class_count),
            extents: try Host.extents(rank: facts.rank, facts.extents, of: "model \(name)"),
            layers: try layers(of: name, count: facts.layer_count)
        )
    }

    private func layers(of model: String, count: UInt32) throws -> [LayerFacts] {
        guard count > 0, let service = models,
            Int(service.pointee.struct_size) >= MemoryLayout<picket_model_service>.size,
            let describe = service.pointee.layer
        else { return [] }
        return try (0..<count).map { index in
            var facts = picket_layer_facts()
            facts.struct_size = UInt32(MemoryLayout<picket_layer_facts>.size)
            try callingHost { error in
                withPicketString(model) { describe(service.pointee.context, $0, index, &facts, error) }
            }
            return LayerFacts(
                name: String(facts.name),
                operatorType: String(facts.operator_type),
                extents: try Host.extents(rank: facts.rank, facts.extents, of: "layer \(index) of model \(model)")
            )
        }
    }

    /// The first `rank` of the sixteen extents that the host's structs hold.
    private static func extents<Sixteen>(rank: UInt32, _ sixteen: Sixteen, of what: String) throws -> Extents {
        try withUnsafeBytes(of: sixteen) { bytes in
            let all = bytes.assumingMemoryBound(to: Int64.self)
            guard Int(rank) <= all.count else {
                throw DetectorFault.invalid("the host gives \(what) \(rank) axes, expected \(all.count) at most")
            }
            return try Extents(rank: rank, all.baseAddress)
        }
    }

    /// Sound because an id names the struct that the host answers with, and `struct_size` tells how much of it there is.
    private static func service<Service>(
        _ id: String,
        of host: UnsafePointer<picket_host>,
        as type: Service.Type,
        least: Int? = nil
    ) -> UnsafePointer<Service>? {
        guard let find = host.pointee.service, let found = find(host.pointee.context, id) else { return nil }
        let size = found.loadUnaligned(as: UInt32.self)
        guard Int(size) >= least ?? MemoryLayout<Service>.size else { return nil }
        return found.assumingMemoryBound(to: Service.self)
    }
}
