import Foundation
import PicketSchemas
import PicketTensor
import SwiftProtobuf

/// The inputs and outputs of ONNX's cases: serialized TensorProtos.
enum TensorFile {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a tensor, by a path of its own: not the importer's, which is under test.
    ///
    /// - Parameter declared: what the model says of it. ONNX's older writers had no bfloat16 and wrote its bits as uint16.
    static func read(_ file: URL, declared: ElementType) throws -> Tensor {
        let proto: Onnx_TensorProto
        do {
            proto = try Onnx_TensorProto(serializedBytes: Data(contentsOf: file), partial: true)
        } catch {
            throw Fault(description: "\(file.lastPathComponent) holds no tensor, but a sequence or an optional")
        }
        guard var type = types[proto.dataType] else {
            throw Fault(description: "\(file.lastPathComponent) holds elements of ONNX's type \(proto.dataType)")
        }
        if type == .uint16, declared == .bfloat16 { type = .bfloat16 }
        let shape = Shape(proto.dims.map { Int($0) })
        if proto.hasRawData {
            return try proto.rawData.withUnsafeBytes { try Tensor(type, shape: shape, copying: $0) }
        }
        let bits: [UInt64]
        switch type {
        case .float32: bits = proto.floatData.map { UInt64($0.bitPattern) }
        case .float64: bits = proto.doubleData.map(\.bitPattern)
        case .int64: bits = proto.int64Data.map { UInt64(bitPattern: $0) }
        case .uint32, .uint64: bits = proto.uint64Data
        default: bits = proto.int32Data.map { UInt64(bitPattern: Int64($0)) }
        }
        let bytes = bits.flatMap { bits in
            (0..<type.byteCount).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
        }
        return try bytes.withUnsafeBytes { try Tensor(type, shape: shape, copying: $0) }
    }

    private static let types: [Int32: ElementType] = [
        1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool, 10: .float16,
        11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16,
    ]
}
