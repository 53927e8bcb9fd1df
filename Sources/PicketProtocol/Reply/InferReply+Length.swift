internal import PicketTensor

extension InferReply {
    /// Longer replies are refused: 1 GiB, well within what one buffer can hold.
    public static let maximumLength = 1 << 30

    /// At least as many bytes as the encoded reply has; nil beyond ``maximumLength``.
    func lengthBound(_ form: ReplyForm) -> Int? {
        // An escaped byte is six. The constants are more than the members' names and punctuation.
        let names = [model, version, id ?? ""] + parameters.flatMap { [$0.name, $0.value] } + outputs.map(\.name)
        var bound = 128 + 8 * parameters.count + names.reduce(0) { $0 + 6 * $1.utf8.count }
        for output in outputs {
            let type = output.tensor.elementType
            let width = form.isBinary(output.name) ? type.byteCount : type.longestJSON
            let (bytes, overflow) = output.tensor.shape.elementCount.multipliedReportingOverflow(by: width)
            guard !overflow, bytes <= InferReply.maximumLength else { return nil }
            bound += bytes + 128 + 21 * output.tensor.shape.rank
            guard bound <= InferReply.maximumLength else { return nil }
        }
        return bound
    }
}

extension ElementType {
    /// Bytes of the longest element in JSON, with its comma.
    fileprivate var longestJSON: Int {
        switch self {
        case .bool: 6
        case .uint8: 4
        case .int8: 5
        case .uint16: 6
        case .int16: 7
        case .uint32: 11
        case .int32: 12
        case .uint64, .int64: 21
        // The shortest decimals have up to 9 and 17 digits, beside sign, point, and exponent or leading zeros.
        case .float16, .bfloat16, .float32: 17
        case .float64: 26
        }
    }
}
