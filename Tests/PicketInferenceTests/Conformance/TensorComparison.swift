import Foundation
import PicketTensor

/// The comparison of ONNX's own runner: floats within |a - b| <= atol + rtol · |b|, everything else exactly.
enum TensorComparison {
    static let relative = 1e-3
    static let absolute = 1e-7

    /// What is different about a tensor, in words; nil where nothing is.
    static func difference(_ found: Tensor, from expected: Tensor) -> String? {
        guard found.elementType == expected.elementType else {
            return "\(found.elementType), expected \(expected.elementType)"
        }
        guard found.shape == expected.shape else { return "shape \(found.shape), expected \(expected.shape)" }
        let type = expected.elementType
        guard type.isFloatingPoint else {
            let equal = found.withUnsafeBytes { left in expected.withUnsafeBytes { left.elementsEqual($0) } }
            return equal ? nil : "\(type) \(expected.shape) with other elements"
        }
        let (left, right) = (numbers(found), numbers(expected))
        var wrong = 0
        var first: Int?
        for index in right.indices where !isClose(left[index], right[index]) {
            wrong += 1
            first = first ?? index
        }
        guard let first else { return nil }
        return "\(wrong) of \(right.count) elements differ, first [\(first)]: \(left[first]), expected \(right[first])"
    }

    static func isClose(_ found: Double, _ expected: Double) -> Bool {
        if expected.isNaN { return found.isNaN }
        if expected.isInfinite || found.isInfinite { return found == expected }
        return abs(found - expected) <= absolute + relative * abs(expected)
    }

    /// The elements of a tensor of floats, which doubles hold exactly.
    static func numbers(_ tensor: Tensor) -> [Double] {
        tensor.withUnsafeBytes { bytes in
            (0..<tensor.shape.elementCount).map { index in
                switch tensor.elementType {
                case .float32: Double(bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self))
                case .float64: bytes.loadUnaligned(fromByteOffset: 8 * index, as: Double.self)
                case .bfloat16: bfloat16(bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
                case .float16: float16(bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
                default: preconditionFailure("\(tensor.elementType) is no float")
                }
            }
        }
    }

    private static func bfloat16(_ bits: UInt16) -> Double { Double(Float(bitPattern: UInt32(bits) << 16)) }

    /// IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits.
    private static func float16(_ bits: UInt16) -> Double {
        let sign = bits >> 15 == 0 ? 1.0 : -1.0
        let exponent = Int(bits >> 10 & 31)
        let fraction = Double(bits & 1023)
        switch exponent {
        case 0: return sign * scalbn(fraction, -24)
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * scalbn(1024 + fraction, exponent - 25)
        }
    }
}
