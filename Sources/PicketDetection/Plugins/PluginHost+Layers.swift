internal import CPicketABI
internal import PicketTensor
internal import Synchronization

extension PluginHost {
    /// Layer `index` of a model, for the plugin.
    func layer(
        _ model: picket_string,
        _ index: UInt32,
        _ out: UnsafeMutablePointer<picket_layer_facts>?,
        _ error: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        guard let out, Int(out.pointee.struct_size) >= MemoryLayout<picket_layer_facts>.size else {
            error?.pointee.write("layer facts: struct_size is not that of version 1.1")
            return PICKET_INVALID
        }
        let text = ForeignText.repaired(model)
        guard let facts = facts(text) else {
            error?.pointee.write("the configuration has no model \(text.quoted)")
            return PICKET_INVALID
        }
        guard index < UInt32(clamping: facts.layers.count) else {
            error?.pointee.write("model \(text.quoted) has \(facts.layers.count) layers, there is no layer \(index)")
            return PICKET_INVALID
        }
        let layer = facts.layers[Int(index)]
        out.pointee.rank = UInt32(layer.rowShape.rank)
        PluginHost.write(layer.rowShape, to: &out.pointee.extents)
        out.pointee.name = foreign(layer.name)
        out.pointee.operator_type = foreign(layer.operatorType)
        return PICKET_OK
    }

    /// Fills the sixteen extents of a struct of the boundary; no shape has more axes.
    static func write<Sixteen>(_ shape: Shape, to sixteen: inout Sixteen) {
        withUnsafeMutableBytes(of: &sixteen) { bytes in
            let extents = bytes.bindMemory(to: Int64.self)
            for axis in extents.indices {
                extents[axis] = axis < shape.rank ? Int64(shape[axis]) : 0
            }
        }
    }

    private func foreign(_ text: String) -> picket_string {
        names.withLock { names in
            if let known = names[text] { return known.string }
            let made = ForeignName(text)
            names[text] = made
            return made.string
        }
    }
}

/// A text where C can read it.
///
/// Proof of `@unchecked Sendable`: written in `init` alone, read until `deinit`.
final class ForeignName: @unchecked Sendable {
    private let memory: UnsafeMutableBufferPointer<CChar>

    init(_ text: String) {
        // With the terminating zero, so that an empty text has an address too.
        let bytes = text.utf8CString
        memory = .allocate(capacity: bytes.count)
        _ = memory.initialize(from: bytes)
    }

    deinit {
        memory.deallocate()
    }

    /// Valid as long as this object.
    var string: picket_string { picket_string(bytes: memory.baseAddress, length: memory.count - 1) }
}
