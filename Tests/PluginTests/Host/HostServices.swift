import CPicketABI
import Foundation

func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }
func cosine(_ x: Double) -> Double { cos(x) }

/// The services of a small host: a model for every member, and a log that nobody reads.
final class HostServices {
    private let extents: [Int64]
    private let classes: [String: Int]
    private var models = picket_model_service()

    init(extents: [Int64], classes: [String: Int]) {
        self.extents = extents
        self.classes = classes
    }

    func withHost<Value>(_ body: (UnsafePointer<picket_host>) -> Value) -> Value {
        let this = Unmanaged.passUnretained(self).toOpaque()
        models.struct_size = UInt32(MemoryLayout<picket_model_service>.size)
        models.context = this
        models.describe = { context, name, facts, error in
            guard let context, let facts else { return PICKET_INVALID }
            let services = Unmanaged<HostServices>.fromOpaque(context).takeUnretainedValue()
            guard let classes = services.classes[text(name)] else {
                write("the configuration has no model \(text(name))", to: error)
                return PICKET_INVALID
            }
            facts.pointee.class_count = UInt32(classes)
            facts.pointee.rank = UInt32(services.extents.count)
            withUnsafeMutableBytes(of: &facts.pointee.extents) { room in
                room.copyBytes(from: services.extents.flatMap { withUnsafeBytes(of: $0, Array.init) })
            }
            return PICKET_OK
        }
        return withUnsafeMutablePointer(to: &models) { models in
            let table = Services(models: UnsafeRawPointer(models))
            return withExtendedLifetime(table) {
                var host = picket_host()
                host.struct_size = UInt32(MemoryLayout<picket_host>.size)
                host.abi_major = UInt16(PICKET_ABI_MAJOR)
                host.abi_minor = UInt16(PICKET_ABI_MINOR)
                host.context = Unmanaged.passUnretained(table).toOpaque()
                host.service = { context, id in
                    guard let context, let id, String(cString: id) == PICKET_SERVICE_MODEL else { return nil }
                    return Unmanaged<Services>.fromOpaque(context).takeUnretainedValue().models
                }
                return body(&host)
            }
        }
    }

    private final class Services {
        let models: UnsafeRawPointer

        init(models: UnsafeRawPointer) {
            self.models = models
        }
    }
}

/// A generator that says what it was told to, then zeros.
struct BitSequence {
    let bits: [UInt64]
    var position = 0

    static func next(_ context: UnsafeMutableRawPointer?) -> UInt64 {
        guard let sequence = context?.assumingMemoryBound(to: BitSequence.self) else { return 0 }
        let position = sequence.pointee.position
        sequence.pointee.position += 1
        return position < sequence.pointee.bits.count ? sequence.pointee.bits[position] : 0
    }
}
