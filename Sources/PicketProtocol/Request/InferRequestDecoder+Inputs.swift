internal import PicketTensor

/// An input of the model with what the request brings for it, held against each other; no tensor yet.
struct InputSlot {
    let metadata: TensorMetadata
    let shape: Shape
    let source: Source

    enum Source {
        case json(JSONValue)
        /// Where in the bytes behind the JSON.
        case binary(offset: Int)
    }

    var byteCount: Int { shape.elementCount * metadata.elementType.byteCount }
}

extension InferRequestDecoder {
    /// One slot for each input of the model, in the model's order.
    func slots(_ inputs: [InferHeader.Input], binaryLength: Int) throws(Refusal) -> [InputSlot] {
        var slots: [String: InputSlot] = [:]
        var offset = 0
        for input in inputs {
            let subject = "input \(quoted(input.name))"
            guard let metadata = model.inputs.first(where: { $0.name == input.name }) else {
                let names = model.inputs.map { quoted($0.name) }.joined(separator: ", ")
                throw .malformed("\(subject): model \(quoted(model.name)) has \(names)")
            }
            guard slots[input.name] == nil else {
                throw .malformed("\(subject): given twice, expected once")
            }
            let shape = try shape(input, metadata)
            let byteCount = shape.elementCount * metadata.elementType.byteCount
            switch input.payload {
            case .json(let data):
                // An element takes a digit and a comma at least, so that text bounds what is allocated for it.
                guard shape.elementCount <= data.byteCount else {
                    throw .malformed(
                        "\(subject): data of \(data.byteCount) bytes, shape \(shape) expects \(shape.elementCount) elements"
                    )
                }
                slots[input.name] = InputSlot(metadata: metadata, shape: shape, source: .json(data))
            case .binary(let size):
                guard size == byteCount else {
                    throw .malformed(
                        "\(subject): binary_data_size \(size), shape \(shape) of \(input.datatype.rawValue) expects \(byteCount)"
                    )
                }
                guard size <= binaryLength - offset else {
                    throw .malformed(
                        "\(subject): binary_data_size \(size), but \(binaryLength - offset) bytes are left in the body"
                    )
                }
                slots[input.name] = InputSlot(metadata: metadata, shape: shape, source: .binary(offset: offset))
                offset += size
            }
        }
        guard offset == binaryLength else {
            throw .malformed("\(binaryLength - offset) bytes behind the last input, expected none")
        }
        return try complete(slots)
    }

    private func complete(_ slots: [String: InputSlot]) throws(Refusal) -> [InputSlot] {
        var ordered: [InputSlot] = []
        for metadata in model.inputs {
            guard let slot = slots[metadata.name] else {
                throw .malformed(
                    "input \(quoted(metadata.name)): missing, model \(quoted(model.name)) expects it as \(metadata.shapeText)"
                )
            }
            if let first = ordered.first, slot.shape[0] != first.shape[0] {
                throw .malformed(
                    "input \(quoted(metadata.name)): \(slot.shape[0]) rows, input \(quoted(first.metadata.name)) has \(first.shape[0])"
                )
            }
            ordered.append(slot)
        }
        return ordered
    }

    private func shape(_ input: InferHeader.Input, _ metadata: TensorMetadata) throws(Refusal) -> Shape {
        let subject = "input \(quoted(input.name))"
        guard input.datatype.elementType == metadata.elementType else {
            let expected = Datatype(metadata.elementType).rawValue
            let unknown = input.datatype == .bytes ? " (BYTES tensors are not supported)" : ""
            throw .malformed("\(subject): datatype \(input.datatype.rawValue)\(unknown), expected \(expected)")
        }
        if case .json = input.payload, input.datatype == .fp16 || input.datatype == .bf16 {
            throw .malformed("\(subject): \(input.datatype.rawValue) in JSON, expected the binary tensor extension")
        }
        let shape: Shape
        do throws(ShapeFault) {
            shape = try Shape(validating: input.shape)
        } catch {
            throw .malformed("\(subject): shape: \(error)")
        }
        let agrees =
            shape.rank == metadata.dimensions.count
            && zip(shape.dimensions, metadata.dimensions).allSatisfy { $1 == nil || $0 == $1 }
        guard agrees, shape.rank > 0 else {
            throw .malformed("\(subject): shape \(shape), expected \(metadata.shapeText)")
        }
        guard shape[0] > 0 else {
            throw .malformed("\(subject): shape \(shape) has 0 rows, expected 1 or more")
        }
        guard shape.elementCount > 0 else {
            throw .malformed("\(subject): shape \(shape) has no elements, expected some")
        }
        if let maximum = model.maximumRows, shape[0] > maximum {
            throw Refusal(.tooLarge, "\(subject): \(shape[0]) rows, expected at most \(maximum) in one request")
        }
        return shape
    }
}
