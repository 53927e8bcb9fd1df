internal import CSIMDJSON
internal import PicketTensor

extension InputSlot {
    /// The input's tensor, its elements copied once from where they came in.
    ///
    /// - Throws: where JSON is no such numbers, or an element is NaN, infinite, or neither true nor false.
    func tensor(_ binary: UnsafeRawBufferPointer) throws(Refusal) -> Tensor {
        let tensor: Tensor
        switch source {
        case .binary(let offset):
            let bytes = UnsafeRawBufferPointer(rebasing: binary[offset..<offset + byteCount])
            do throws(TensorFault) {
                tensor = try Tensor(metadata.elementType, shape: shape, copying: bytes)
            } catch {
                throw .malformed("input \(quoted(metadata.name)): \(error)")
            }
        case .json(let data):
            tensor = try parsed(data)
        }
        if let element = tensor.firstUnsoundElement {
            let expected = tensor.elementType == .bool ? "a byte of 0 or 1" : "a finite number"
            throw .malformed(
                "input \(quoted(metadata.name)): element \(element.index) is \(element.text), expected \(expected)"
            )
        }
        return tensor
    }

    /// The numbers in `data`, in the slot's type and shape.
    func parsed(_ data: JSONValue) throws(Refusal) -> Tensor {
        guard let type = picket_json_element(metadata.elementType) else {
            preconditionFailure("half-width floats in JSON are refused with the shape")
        }
        var tensor = Tensor(zeros: metadata.elementType, shape: shape)
        do throws(JSONFault) {
            try tensor.withUnsafeMutableBytes { (destination) throws(JSONFault) in
                try data.document.fill(
                    data,
                    type: type,
                    extents: shape.dimensions,
                    expected: shape.elementCount,
                    into: destination
                )
            }
        } catch {
            throw Refusal(
                error.isOutOfMemory ? .busy : .malformed,
                error.sentence(
                    aboutDataOf: "input \(quoted(metadata.name))",
                    datatype: Datatype(metadata.elementType),
                    shape: shape.description
                )
            )
        }
        return tensor
    }
}

extension picket_json_element {
    fileprivate init?(_ type: ElementType) {
        switch type {
        case .bool: self = PICKET_JSON_ELEMENT_BOOL
        case .uint8: self = PICKET_JSON_ELEMENT_UINT8
        case .uint16: self = PICKET_JSON_ELEMENT_UINT16
        case .uint32: self = PICKET_JSON_ELEMENT_UINT32
        case .uint64: self = PICKET_JSON_ELEMENT_UINT64
        case .int8: self = PICKET_JSON_ELEMENT_INT8
        case .int16: self = PICKET_JSON_ELEMENT_INT16
        case .int32: self = PICKET_JSON_ELEMENT_INT32
        case .int64: self = PICKET_JSON_ELEMENT_INT64
        case .float32: self = PICKET_JSON_ELEMENT_FLOAT32
        case .float64: self = PICKET_JSON_ELEMENT_FLOAT64
        case .float16, .bfloat16: return nil
        }
    }
}
