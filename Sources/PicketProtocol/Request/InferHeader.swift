/// The JSON part of an inference request, its members checked one by one but not yet against a model.
struct InferHeader {
    struct Input {
        let name: String
        let datatype: Datatype
        let shape: [Int]
        let payload: Payload
    }

    /// Where an input's elements are.
    enum Payload {
        /// In the JSON itself.
        case json(JSONValue)
        /// Behind the JSON, so many bytes.
        case binary(Int)
    }

    struct Output {
        let name: String
        let binary: Bool?
    }

    let inputs: [Input]
    let outputs: [Output]?
    let binaryDataOutput: Bool
    let timeout: Duration?

    init(_ root: JSONMembers) throws(Refusal) {
        guard let inputs = try root.elements("inputs") else {
            throw .malformed("the request has no \"inputs\", expected an array of tensors")
        }
        var parsed: [Input] = []
        for (index, element) in inputs.enumerated() {
            parsed.append(try Input(JSONMembers(element, at: "inputs[\(index)]")))
        }
        self.inputs = parsed
        if let outputs = try root.elements("outputs") {
            var parsed: [Output] = []
            for (index, element) in outputs.enumerated() {
                parsed.append(try Output(JSONMembers(element, at: "outputs[\(index)]")))
            }
            self.outputs = parsed.isEmpty ? nil : parsed
        } else {
            self.outputs = nil
        }
        let parameters = try root.object("parameters")
        try parameters?.refuse(["sequence_id", "sequence_start", "sequence_end"])
        binaryDataOutput = try parameters?.bool("binary_data_output") ?? false
        timeout = try parameters?.natural("timeout").map { .microseconds($0) }
    }
}

extension InferHeader.Input {
    init(_ members: JSONMembers) throws(Refusal) {
        guard let name = try members.string("name") else { throw members.missing("name", "the input's name") }
        let input = "input \(quoted(name))"
        let members = members.renamed(input)
        guard let type = try members.string("datatype") else { throw members.missing("datatype", "such as \"FP32\"") }
        guard let datatype = Datatype(rawValue: type) else {
            throw .malformed("\(input): datatype \(quoted(type)), expected one of the protocol's, such as FP32")
        }
        guard let extents = try members.elements("shape") else {
            throw members.missing("shape", "an array of integers")
        }
        var shape: [Int] = []
        for (axis, extent) in extents.enumerated() {
            guard let extent = extent.integer else {
                throw .malformed("\(input): shape, axis \(axis): \(extent.kindName), expected an integer")
            }
            shape.append(extent)
        }
        self.name = name
        self.datatype = datatype
        self.shape = shape
        payload = try InferHeader.Input.payload(members, input)
    }

    private static func payload(_ members: JSONMembers, _ input: String) throws(Refusal) -> InferHeader.Payload {
        let parameters = try members.object("parameters")
        try parameters?.refuse(["shared_memory_region", "shared_memory_byte_size", "shared_memory_offset"])
        let size = try parameters?.natural("binary_data_size")
        switch (members["data"], size) {
        case (nil, nil):
            throw .malformed("\(input): neither \"data\" nor the parameter \"binary_data_size\", expected one of them")
        case (.some, .some):
            throw .malformed("\(input): both \"data\" and the parameter \"binary_data_size\", expected one of them")
        case (let data?, nil):
            guard data.isDeferred else { throw .malformed("\(input): data: \(data.kindName), expected an array") }
            return .json(data)
        case (nil, let size?):
            return .binary(size)
        }
    }
}

extension InferHeader.Output {
    init(_ members: JSONMembers) throws(Refusal) {
        guard let name = try members.string("name") else { throw members.missing("name", "the output's name") }
        let parameters = try members.renamed("output \(quoted(name))").object("parameters")
        try parameters?.refuse([
            "classification", "shared_memory_region", "shared_memory_byte_size", "shared_memory_offset",
        ])
        self.name = name
        binary = try parameters?.bool("binary_data")
    }
}
