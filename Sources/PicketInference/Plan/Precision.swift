import CPicketKernels

/// How a model's constant weights are multiplied.
public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// As float32.
    case float32
    /// Matrix products and convolutions round weights and what they multiply to bfloat16 (8 significant bits) and sum in
    /// float32; see `picket_bfloat16.h`. Everything else is float32, and so are convolutions by groups, those of one or two
    /// channels, and those that Winograd's F(4×4) computes clearly faster.
    case bfloat16
}

/// A precision that was asked for and cannot be had: there is no fallback, since another precision is another model.
public struct PrecisionFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was asked for.
    public let precision: Precision
    /// Why that does not do.
    public let reason: String

    public var description: String { "precision \(precision.rawValue): \(reason); expected float32" }
}

extension KernelTable {
    /// The same kernels with products of a precision.
    ///
    /// Those of bfloat16 stand beside the levels: an x86-64 level is joined by what the CPU has for them. The portable level
    /// is plain C, and stays so.
    ///
    /// - Throws: ``PrecisionFault`` where this build, this CPU or this level has none.
    package func multiplying(_ precision: Precision) throws(PrecisionFault) -> KernelTable {
        guard precision == .bfloat16 else { return KernelTable(functions: functions, bfloat16: nil) }
        guard functions.pointee.level != PICKET_ISA_PORTABLE else {
            throw PrecisionFault(precision: precision, reason: "the kernels of level \(level) have none")
        }
        guard let kernels = picket_bfloat16_kernels() else {
            let reason = String(cString: picket_bfloat16_support_message(picket_bfloat16_supported()))
            throw PrecisionFault(precision: precision, reason: reason)
        }
        return KernelTable(functions: functions, bfloat16: kernels)
    }

    package var precision: Precision { bfloat16 == nil ? .float32 : .bfloat16 }
}
