internal import PicketSchemas
internal import PicketTensor

/// Turns the tensors of a decoded skeleton into constants, whose bytes stay in their files.
struct TensorImporter {
    let file: MappedFile
    let limits: ImportLimits

    /// Where external data may lie; nil for a model that came from memory.
    private(set) var folder: ModelFolder?

    /// Bytes of external files that tensors name, so that many tensors over one range do not multiply it in memory.
    private var externalBytes = 0

    init(file: MappedFile, folder: ModelFolder?, limits: ImportLimits) {
        self.file = file
        self.folder = folder
        self.limits = limits
    }

    /// Why a tensor of the file is no constant.
    enum Fault: Error {
        case file(ModelFileError)
        case tensor(OperatorFault)

        /// The error of an import, with `place` naming what the tensor belongs to.
        func importError(_ place: (String) -> ImportError) -> ImportError {
            switch self {
            case .file(let error): .file(error)
            case .tensor(let fault): place(fault.reason)
            }
        }
    }

    /// The constant of a tensor.
    mutating func constant(_ proto: Onnx_TensorProto) throws(Fault) -> ConstantTensor {
        do {
            let type = try ElementType(onnx: proto.dataType)
            let shape = try shape(proto.dims)
            guard !proto.hasSegment else { throw OperatorFault("comes in segments, which is not supported") }
            guard proto.unknownFields.data.isEmpty else { throw OperatorFault("has an unknown data location") }
            if proto.dataLocation == .external {
                return try external(proto, type, shape)
            }
            guard proto.externalData.isEmpty else {
                throw OperatorFault("names external data but says that its data is in the file")
            }
            return try inline(proto, type, shape)
        } catch let fault as OperatorFault {
            throw .tensor(fault)
        } catch let error as ModelFileError {
            throw .file(error)
        } catch {
            preconditionFailure("tensors fail by their content or their file: \(error)")
        }
    }

    private func shape(_ dims: [Int64]) throws(OperatorFault) -> Shape {
        guard dims.count <= limits.rank else {
            throw OperatorFault("\(dims.count) axes, expected at most \(limits.rank)")
        }
        let shape: Shape
        do {
            shape = try Shape(validating: dims.map { Int($0) })
        } catch {
            throw OperatorFault("\(error)")
        }
        guard shape.elementCount <= limits.tensorElements else {
            throw OperatorFault("\(shape.elementCount) elements, expected at most \(limits.tensorElements)")
        }
        return shape
    }

    private func inline(
        _ proto: Onnx_TensorProto,
        _ type: ElementType,
        _ shape: Shape
    ) throws(OperatorFault) -> ConstantTensor {
        let lists = TensorLists(proto)
        guard proto.hasRawData else {
            return ConstantTensor(try lists.tensor(type, shape))
        }
        guard lists.isEmpty else { throw OperatorFault("its elements come in more than one list") }
        guard let reference = PayloadReference(rawData: proto.rawData) else {
            try checkByteCount(proto.rawData.count, type, shape)
            return ConstantTensor(Tensor(type, shape: shape, bytes: proto.rawData))
        }
        switch reference.encoding {
        case .raw, .float32List, .float64List:
            guard reference.encoding == .raw || reference.encoding == type.listEncoding else {
                throw OperatorFault("its elements come in the list of another type than \(type)")
            }
            try checkByteCount(reference.range.count, type, shape)
            return try ConstantTensor(type, shape: shape, in: file, offset: reference.range.lowerBound)
        case .int32List, .int64List, .uint64List:
            guard reference.encoding == type.listEncoding else {
                throw OperatorFault("its elements come in the list of another type than \(type)")
            }
            return ConstantTensor(try varints(reference.range, type, shape))
        }
    }

    private func checkByteCount(_ found: Int, _ type: ElementType, _ shape: Shape) throws(OperatorFault) {
        let expected = shape.elementCount * type.byteCount
        guard found == expected else {
            throw OperatorFault("\(found) bytes of data, expected \(expected) for \(type) \(shape)")
        }
    }

    /// A packed list of varints in the file; each element takes a byte at least, so the list bounds the tensor.
    private func varints(_ range: Range<Int>, _ type: ElementType, _ shape: Shape) throws(OperatorFault) -> Tensor {
        guard shape.elementCount <= range.count else {
            throw OperatorFault("\(range.count) bytes of data, expected \(shape.elementCount) elements for \(shape)")
        }
        return try file.withSpan { (bytes: Span<UInt8>) throws(OperatorFault) -> Tensor in
            var reader = WireReader(range)
            var tensor = TensorLists.Writer(type, shape)
            while !reader.isAtEnd {
                let bits: UInt64
                do {
                    bits = try reader.varint(bytes)
                } catch {
                    throw OperatorFault("its elements: \(error)")
                }
                try tensor.append(bits)
            }
            return try tensor.finish()
        }
    }

    private mutating func external(
        _ proto: Onnx_TensorProto,
        _ type: ElementType,
        _ shape: Shape
    ) throws -> ConstantTensor {
        guard !proto.hasRawData, TensorLists(proto).isEmpty else {
            throw OperatorFault("has data in the file and external data")
        }
        let place = try ExternalPlace(proto.externalData)
        guard folder != nil else { throw OperatorFault("has external data, but the model is not from a folder") }
        guard let data = try folder?.file(at: place.location) else {
            preconditionFailure("the folder was there a line above")
        }
        let expected = shape.elementCount * type.byteCount
        try place.check(expected, in: data.byteCount)
        externalBytes += expected
        let mapped = folder?.mapped.values.reduce(0) { $0 + $1.byteCount } ?? 0
        guard externalBytes <= 2 * mapped else {
            throw OperatorFault("the tensors so far name \(externalBytes) bytes of the \(mapped) in external data")
        }
        return try ConstantTensor(type, shape: shape, in: data, offset: place.offset)
    }
}

/// Where a tensor's external data says that it lies.
struct ExternalPlace {
    let location: String
    let offset: Int
    let length: Int?

    /// The entries `location`, `offset` and `length`; others, such as `checksum`, are not read.
    init(_ entries: [Onnx_StringStringEntryProto]) throws(OperatorFault) {
        var values: [String: String] = [:]
        for entry in entries {
            guard values.updateValue(entry.value, forKey: entry.key) == nil else {
                throw OperatorFault("external data names \(entry.key.quotedForMessage) twice")
            }
        }
        guard let location = values["location"] else { throw OperatorFault("external data names no location") }
        self.location = location
        offset = try ExternalPlace.number(values["offset"], "offset") ?? 0
        length = try ExternalPlace.number(values["length"], "length")
    }

    private static func number(_ text: String?, _ what: String) throws(OperatorFault) -> Int? {
        guard let text else { return nil }
        guard !text.hasPrefix("+"), let number = Int(text), number >= 0 else {
            throw OperatorFault("external data's \(what) is \(text.quotedForMessage), expected a number of bytes")
        }
        return number
    }

    /// Whether `expected` bytes lie there in a file of `fileBytes`.
    func check(_ expected: Int, in fileBytes: Int) throws(OperatorFault) {
        if let length, length != expected {
            throw OperatorFault("external data of \(length) bytes, expected \(expected)")
        }
        guard offset <= fileBytes, expected <= fileBytes - offset else {
            throw OperatorFault(
                "\(expected) bytes of external data at offset \(offset) lie outside the \(fileBytes) bytes of "
                    + location.quotedForMessage
            )
        }
    }
}
