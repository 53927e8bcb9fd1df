public import NIOCore
internal import PicketTensor

extension ModelMetadata {
    /// Reads the answer to `GET /v2/models/M`.
    ///
    /// - Throws: a ``Refusal`` that says what about it is not the protocol's.
    public init(reading body: ByteBuffer) throws(Refusal) {
        let complete = try RequestBody(reply: body)
        let length = complete.length
        self = try complete.withUnsafePaddedBytes { (bytes) throws(Refusal) in
            let root = try JSONMembers(JSONDocument.reading(bytes, length: length).root, at: "")
            guard let name = try root.string("name") else { throw root.missing("name", "the model's") }
            return ModelMetadata(
                name: name,
                version: try root.elements("versions")?.first?.string ?? "",
                inputs: try ModelMetadata.tensors(root, "inputs"),
                outputs: try ModelMetadata.tensors(root, "outputs")
            )
        }
    }

    private static func tensors(_ root: JSONMembers, _ name: String) throws(Refusal) -> [TensorMetadata] {
        guard let elements = try root.elements(name) else { throw root.missing(name, "an array") }
        var tensors: [TensorMetadata] = []
        for element in elements {
            let members = try JSONMembers(element, at: name)
            guard let name = try members.string("name"), let datatype = try members.string("datatype"),
                let type = Datatype(rawValue: datatype)?.elementType, let shape = try members.elements("shape")
            else { throw .malformed("\(name): expected name, datatype and shape of each tensor") }
            let dimensions = shape.map { $0.integer.flatMap { $0 < 0 ? nil : $0 } }
            tensors.append(TensorMetadata(name: name, elementType: type, dimensions: dimensions))
        }
        return tensors
    }
}
