internal import PicketTensor

extension JSONWriter {
    /// The tensor's elements as one flat array in row-major order.
    mutating func elements(of tensor: Tensor) {
        array { writer in
            switch tensor.elementType {
            case .bool: tensor.withUnsafeElements(of: UInt8.self) { for value in $0 { writer.bool(value != 0) } }
            case .uint8: writer.integers(UInt8.self, of: tensor)
            case .uint16: writer.integers(UInt16.self, of: tensor)
            case .uint32: writer.integers(UInt32.self, of: tensor)
            case .uint64: writer.integers(UInt64.self, of: tensor)
            case .int8: writer.integers(Int8.self, of: tensor)
            case .int16: writer.integers(Int16.self, of: tensor)
            case .int32: writer.integers(Int32.self, of: tensor)
            case .int64: writer.integers(Int64.self, of: tensor)
            case .float32: tensor.withUnsafeElements(of: Float.self) { for value in $0 { writer.number(value) } }
            case .float64: tensor.withUnsafeElements(of: Double.self) { for value in $0 { writer.number(value) } }
            case .float16: writer.halves(of: tensor) { Float(Float16(bitPattern: $0)) }
            case .bfloat16: writer.halves(of: tensor) { Float(bitPattern: UInt32($0) << 16) }
            }
        }
    }

    private mutating func integers<Element: TensorElement & FixedWidthInteger>(
        _ type: Element.Type,
        of tensor: Tensor
    ) {
        tensor.withUnsafeElements(of: type) { elements in
            for value in elements { integer(value) }
        }
    }

    private mutating func halves(of tensor: Tensor, _ widen: (UInt16) -> Float) {
        // Sound: the tensor's bytes are those of its elements, two each, and storage is 64-byte aligned, rows of two
        // bytes' multiples, so that the loads are aligned.
        tensor.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: bytes.count, by: 2) {
                number(widen(bytes.load(fromByteOffset: offset, as: UInt16.self)))
            }
        }
    }
}
