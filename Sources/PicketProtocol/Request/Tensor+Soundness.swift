internal import PicketTensor

extension Tensor {
    /// The first element that no model should see: a NaN or an infinity, which every comparison of a guard lets
    /// through, or a boolean that is neither 0 nor 1.
    var firstUnsoundElement: (index: Int, text: String)? {
        switch elementType {
        case .float32: firstNonFinite(UInt32.self, exponent: 0x7f80_0000) { "\(Float(bitPattern: $0))" }
        case .float64: firstNonFinite(UInt64.self, exponent: 0x7ff0_0000_0000_0000) { "\(Double(bitPattern: $0))" }
        case .float16: firstNonFinite(UInt16.self, exponent: 0x7c00) { $0 & 0x3ff == 0 ? "inf" : "nan" }
        case .bfloat16: firstNonFinite(UInt16.self, exponent: 0x7f80) { $0 & 0x7f == 0 ? "inf" : "nan" }
        case .bool:
            withUnsafeElements(of: UInt8.self) { bytes in
                bytes.firstIndex { $0 > 1 }.map { ($0, "\(bytes[$0])") }
            }
        default: nil
        }
    }

    /// All bits of the exponent set mean NaN or infinity, in every one of these formats.
    private func firstNonFinite<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ type: Bits.Type,
        exponent: Bits,
        _ describe: (Bits) -> String
    ) -> (index: Int, text: String)? {
        withUnsafeBytes { bytes in
            // Sound: the bytes are whole elements of this width, and aligned for them as all tensors are.
            let elements = bytes.assumingMemoryBound(to: Bits.self)
            // Without a branch in the loop it runs in vector registers; the second loop is for bad news only.
            var unsound: Bits = 0
            for bits in elements { unsound |= bits & exponent == exponent ? 1 : 0 }
            guard unsound != 0, let index = elements.firstIndex(where: { $0 & exponent == exponent }) else {
                return nil
            }
            return (index, describe(elements[index]))
        }
    }
}
