internal import PicketTensor

extension ElementType {
    /// The element type of a `TensorProto.DataType`.
    ///
    /// - Throws: for strings, complex numbers, and floats and integers below 16 and 8 bits, by their ONNX names.
    init(onnx dataType: Int32) throws(OperatorFault) {
        switch dataType {
        case 1: self = .float32
        case 2: self = .uint8
        case 3: self = .int8
        case 4: self = .uint16
        case 5: self = .int16
        case 6: self = .int32
        case 7: self = .int64
        case 9: self = .bool
        case 10: self = .float16
        case 11: self = .float64
        case 12: self = .uint32
        case 13: self = .uint64
        case 16: self = .bfloat16
        default: throw OperatorFault(ElementType.refusal(dataType))
        }
    }

    private static func refusal(_ dataType: Int32) -> String {
        let names: [Int32: String] = [
            8: "STRING", 14: "COMPLEX64", 15: "COMPLEX128", 17: "FLOAT8E4M3FN", 18: "FLOAT8E4M3FNUZ",
            19: "FLOAT8E5M2", 20: "FLOAT8E5M2FNUZ", 21: "UINT4", 22: "INT4", 23: "FLOAT4E2M1", 24: "FLOAT8E8M0",
            25: "UINT2", 26: "INT2",
        ]
        if let name = names[dataType] { return "element type \(name) is not supported" }
        return dataType == 0 ? "has no element type" : "element type \(dataType), which ONNX does not have"
    }

    /// The list of a TensorProto, other than `raw_data`, that holds elements of this type.
    var listEncoding: PayloadReference.Encoding {
        switch self {
        case .float32: .float32List
        case .float64: .float64List
        case .int64: .int64List
        case .uint32, .uint64: .uint64List
        case .bool, .uint8, .int8, .uint16, .int16, .int32, .float16, .bfloat16: .int32List
        }
    }
}
