internal import CPicketABI
internal import PicketTensor
internal import Synchronization

/// How urgent a plugin's log message is.
public enum PluginLogLevel: Int32, Sendable, Hashable {
    case debug = 1
    case info = 2
    case warning = 3
    case error = 4
}

/// Takes what a detector logs: its name in the chain, the level, and the message (bounded and repaired). Any thread.
public typealias DetectorLog = @Sendable (_ detector: String, _ level: PluginLogLevel, _ message: String) -> Void

/// The host as one detector sees it: the table of the ABI, and the services behind it.
///
/// Proof of `@unchecked Sendable`: the three tables are written in `init` alone, before any plugin sees them, and freed in
/// `deinit`; the closures are `Sendable`. The tables hold an unretained pointer to this object, which is sound because a
/// ``Detector`` keeps its host until after `destroy` returned.
final class PluginHost: @unchecked Sendable {
    let detector: String
    let log: DetectorLog
    let facts: @Sendable (String) -> ModelFacts?

    let table: UnsafeMutablePointer<picket_host>
    private let logService: UnsafeMutablePointer<picket_log_service>
    private let modelService: UnsafeMutablePointer<picket_model_service>
    /// Names that plugins were given, which live as long as this object.
    let names = Mutex<[String: ForeignName]>([:])

    init(detector: String, log: @escaping DetectorLog, facts: @escaping @Sendable (String) -> ModelFacts?) {
        self.detector = detector
        self.log = log
        self.facts = facts
        table = .allocate(capacity: 1)
        logService = .allocate(capacity: 1)
        modelService = .allocate(capacity: 1)
        let context = Unmanaged.passUnretained(self).toOpaque()
        logService.initialize(
            to: picket_log_service(
                struct_size: UInt32(MemoryLayout<picket_log_service>.size),
                context: context,
                log: { PluginHost.of($0)?.takeLog(level: $1, message: $2) }
            )
        )
        modelService.initialize(
            to: picket_model_service(
                struct_size: UInt32(MemoryLayout<picket_model_service>.size),
                context: context,
                describe: { PluginHost.of($0)?.describe($1, $2, $3) ?? PICKET_INVALID },
                layer: { PluginHost.of($0)?.layer($1, $2, $3, $4) ?? PICKET_INVALID }
            )
        )
        table.initialize(
            to: picket_host(
                struct_size: UInt32(MemoryLayout<picket_host>.size),
                abi_major: UInt16(PICKET_ABI_MAJOR),
                abi_minor: UInt16(PICKET_ABI_MINOR),
                context: context,
                service: { context, id in PluginHost.of(context)?.service(id) }
            )
        )
    }

    deinit {
        table.deallocate()
        logService.deallocate()
        modelService.deallocate()
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> PluginHost? {
        guard let context else { return nil }
        return Unmanaged<PluginHost>.fromOpaque(context).takeUnretainedValue()
    }

    private func service(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        switch ForeignText.constant(id, limit: 64) {
        case PICKET_SERVICE_LOG: UnsafeRawPointer(logService)
        case PICKET_SERVICE_MODEL: UnsafeRawPointer(modelService)
        default: nil
        }
    }

    private func takeLog(level: Int32, message: picket_string) {
        log(detector, PluginLogLevel(rawValue: level) ?? .error, ForeignText.repaired(message))
    }

    private func describe(
        _ name: picket_string,
        _ out: UnsafeMutablePointer<picket_model_facts>?,
        _ error: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        // A plugin of minor 0 gives a struct that ends before the layers.
        guard let layers = MemoryLayout<picket_model_facts>.offset(of: \.layer_count), let out,
            Int(out.pointee.struct_size) >= layers
        else {
            error?.pointee.write("model facts: struct_size is not that of version 1.0")
            return PICKET_INVALID
        }
        let text = ForeignText.repaired(name)
        guard let facts = facts(text) else {
            error?.pointee.write("the configuration has no model \(text.quoted)")
            return PICKET_INVALID
        }
        out.pointee.class_count = UInt32(clamping: facts.classCount ?? 0)
        out.pointee.rank = UInt32(facts.rowShape.rank)
        PluginHost.write(facts.rowShape, to: &out.pointee.extents)
        if Int(out.pointee.struct_size) >= layers + MemoryLayout<UInt32>.size {
            out.pointee.layer_count = UInt32(clamping: facts.layers.count)
        }
        return PICKET_OK
    }
}
