internal import Foundation
internal import PicketSchemas
internal import PicketTensor

/// The short lists of elements that a skeleton's tensor carries itself: `float_data` and its like.
struct TensorLists {
    private let proto: Onnx_TensorProto

    init(_ proto: Onnx_TensorProto) {
        self.proto = proto
    }

    private var counts: [(encoding: PayloadReference.Encoding, count: Int)] {
        [
            (.float32List, proto.floatData.count), (.float64List, proto.doubleData.count),
            (.int32List, proto.int32Data.count), (.int64List, proto.int64Data.count),
            (.uint64List, proto.uint64Data.count),
        ]
    }

    var isEmpty: Bool { counts.allSatisfy { $0.count == 0 } }

    /// The tensor of the list that belongs to `type`; the other lists must be empty.
    func tensor(_ type: ElementType, _ shape: Shape) throws(OperatorFault) -> Tensor {
        for (encoding, count) in counts where count > 0 && encoding != type.listEncoding {
            throw OperatorFault("its elements come in the list of another type than \(type)")
        }
        // Before the tensor is allocated: the list is in memory already, and bounds it.
        let found = counts.reduce(0) { $0 + $1.count }
        guard found == shape.elementCount else {
            throw OperatorFault("\(found) elements of data, expected \(shape.elementCount) for \(type) \(shape)")
        }
        var writer = Writer(type, shape)
        switch type.listEncoding {
        case .float32List: for value in proto.floatData { try writer.append(UInt64(value.bitPattern)) }
        case .float64List: for value in proto.doubleData { try writer.append(value.bitPattern) }
        case .int32List: for value in proto.int32Data { try writer.append(UInt64(bitPattern: Int64(value))) }
        case .int64List: for value in proto.int64Data { try writer.append(UInt64(bitPattern: value)) }
        case .uint64List: for value in proto.uint64Data { try writer.append(value) }
        case .raw: preconditionFailure("no element type is listed as raw")
        }
        return try writer.finish()
    }

    /// Fills a tensor with elements given as bits, the lowest of which each element keeps.
    struct Writer {
        private let type: ElementType
        private var tensor: Tensor
        private var count = 0

        /// - Precondition: what the caller holds bounds the shape.
        init(_ type: ElementType, _ shape: Shape) {
            self.type = type
            tensor = Tensor(zeros: type, shape: shape)
        }

        /// The next element.
        ///
        /// - Throws: where the tensor is full, or the number is not one of its type.
        mutating func append(_ bits: UInt64) throws(OperatorFault) {
            guard count < tensor.shape.elementCount else {
                throw OperatorFault("more elements of data than the \(tensor.shape.elementCount) of \(tensor.shape)")
            }
            guard fits(bits) else { throw OperatorFault("element \(count) is no \(type)") }
            let size = type.byteCount
            let start = count * size
            tensor.withUnsafeMutableBytes { bytes in
                for byte in 0..<size { bytes[start + byte] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte)) }
            }
            count += 1
        }

        func finish() throws(OperatorFault) -> Tensor {
            guard count == tensor.shape.elementCount else {
                throw OperatorFault("\(count) elements of data, expected \(tensor.shape.elementCount)")
            }
            return tensor
        }

        private func fits(_ bits: UInt64) -> Bool {
            let signed = Int64(bitPattern: bits)
            switch type {
            case .bool: return bits <= 1
            case .uint8: return bits <= 0xff
            case .uint16, .float16, .bfloat16: return bits <= 0xffff
            case .uint32, .float32: return bits <= 0xffff_ffff
            case .int8: return Int8(exactly: signed) != nil
            case .int16: return Int16(exactly: signed) != nil
            case .int32: return Int32(exactly: signed) != nil
            case .int64, .uint64, .float64: return true
            }
        }
    }
}

extension Tensor {
    /// A tensor with a copy of `bytes`.
    ///
    /// - Precondition: there are as many as the shape takes.
    init(_ elementType: ElementType, shape: Shape, bytes: Data) {
        var tensor = Tensor(zeros: elementType, shape: shape)
        precondition(bytes.count == tensor.byteCount, "the caller has counted the bytes")
        tensor.withUnsafeMutableBytes { destination in
            for (offset, byte) in bytes.enumerated() { destination[offset] = byte }
        }
        self = tensor
    }
}
