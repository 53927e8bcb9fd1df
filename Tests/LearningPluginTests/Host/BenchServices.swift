import CPicketABI

/// The lines that a detector logged.
final class LogLines {
    var lines: [String] = []
}

/// The services of the bench: models with their layers, and a log.
final class BenchServices {
    private let models: [String: ModelStand]
    private let log: LogLines
    private var names: [UnsafeMutableBufferPointer<CChar>] = []
    private var modelService = picket_model_service()
    private var logService = picket_log_service()

    init(models: [String: ModelStand], log: LogLines) {
        self.models = models
        self.log = log
    }

    deinit {
        for name in names { name.deallocate() }
    }

    func withHost<Value>(_ body: (UnsafePointer<picket_host>) throws -> Value) rethrows -> Value {
        let this = Unmanaged.passUnretained(self).toOpaque()
        modelService.struct_size = UInt32(MemoryLayout<picket_model_service>.size)
        modelService.context = this
        modelService.describe = { context, name, facts, error in
            BenchServices.from(context).describe(text(name), facts, error)
        }
        modelService.layer = { context, model, index, facts, error in
            BenchServices.from(context).layer(text(model), Int(index), facts, error)
        }
        logService.struct_size = UInt32(MemoryLayout<picket_log_service>.size)
        logService.context = this
        logService.log = { context, _, message in BenchServices.from(context).log.lines.append(text(message)) }
        return try withUnsafeMutablePointer(to: &modelService) { models in
            try withUnsafeMutablePointer(to: &logService) { log in
                var table = (models: UnsafeRawPointer(models), log: UnsafeRawPointer(log))
                return try withUnsafeMutablePointer(to: &table) { table in
                    var host = picket_host()
                    host.struct_size = UInt32(MemoryLayout<picket_host>.size)
                    host.abi_major = UInt16(PICKET_ABI_MAJOR)
                    host.abi_minor = UInt16(PICKET_ABI_MINOR)
                    host.context = UnsafeMutableRawPointer(table)
                    host.service = { context, id in
                        typealias Table = (models: UnsafeRawPointer, log: UnsafeRawPointer)
                        guard let table = context?.assumingMemoryBound(to: Table.self), let id else { return nil }
                        return switch String(cString: id) {
                        case PICKET_SERVICE_MODEL: table.pointee.models
                        case PICKET_SERVICE_LOG: table.pointee.log
                        default: nil
                        }
                    }
                    return try body(&host)
                }
            }
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> BenchServices {
        guard let context else { preconditionFailure("the service's context came back as NULL") }
        return Unmanaged.fromOpaque(context).takeUnretainedValue()
    }

    private func describe(
        _ name: String,
        _ facts: UnsafeMutablePointer<picket_model_facts>?,
        _ error: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        guard let facts, let model = models[name] else {
            write("the configuration has no model \(name)", to: error)
            return PICKET_INVALID
        }
        facts.pointee.class_count = UInt32(model.classCount)
        facts.pointee.rank = UInt32(model.extents.count)
        facts.pointee.layer_count = UInt32(model.layers.count)
        fill(&facts.pointee.extents, model.extents)
        return PICKET_OK
    }

    private func layer(
        _ model: String,
        _ index: Int,
        _ facts: UnsafeMutablePointer<picket_layer_facts>?,
        _ error: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        guard let facts, let layers = models[model]?.layers, layers.indices.contains(index) else {
            write("there is no layer \(index) of \(model)", to: error)
            return PICKET_INVALID
        }
        facts.pointee.rank = UInt32(layers[index].extents.count)
        fill(&facts.pointee.extents, layers[index].extents)
        facts.pointee.name = foreign(layers[index].name)
        facts.pointee.operator_type = foreign(layers[index].operatorType)
        return PICKET_OK
    }

    private func fill<Sixteen>(_ room: inout Sixteen, _ extents: [Int]) {
        withUnsafeMutableBytes(of: &room) { room in
            room.copyBytes(from: extents.flatMap { withUnsafeBytes(of: Int64($0), Array.init) })
        }
    }

    private func foreign(_ name: String) -> picket_string {
        let room = UnsafeMutableBufferPointer<CChar>.allocate(capacity: name.utf8.count + 1)
        _ = room.initialize(from: name.utf8CString)
        names.append(room)
        return picket_string(bytes: room.baseAddress, length: name.utf8.count)
    }
}
