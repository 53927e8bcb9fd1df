internal import PicketTensor

/// Turns a request's body into tensors for one model, or says what is wrong with it.
///
/// Nothing in the body costs more than a few bytes for each of its own: the JSON is read within fixed bounds, types and
/// shapes are held against the model's before any tensor exists, and the tensors' bytes are asked for first.
public struct InferRequestDecoder: Sendable {
    /// Longer names of requests are no names.
    static let maximumIDLength = 1024

    let model: ModelMetadata

    public init(model: ModelMetadata) {
        self.model = model
    }

    /// Bytes that reading a body's JSON takes while ``decode(_:headerLength:admit:)`` runs, beside those it asks for: for
    /// each of the text's, 4 of simdjson's index and 5/3 of its strings.
    public static func readingBytes(of body: RequestBody, headerLength: Int?) -> Int {
        6 * min(headerLength ?? body.length, body.length)
    }

    /// Decodes a body.
    ///
    /// - Parameters:
    ///   - headerLength: the request's `Inference-Header-Content-Length`: how many bytes of JSON come before binary
    ///     tensors; nil where the body is JSON alone.
    ///   - admit: asked once, before tensors of so many bytes are allocated.
    /// - Throws: a ``Refusal`` with the request's id, where that could be read.
    public func decode(
        _ body: RequestBody,
        headerLength: Int?,
        admit: (_ byteCount: Int) -> Bool
    ) throws(Refusal) -> InferRequest {
        let jsonLength = headerLength ?? body.length
        guard jsonLength > 0 else {
            throw .malformed("an empty request body, expected JSON with \"inputs\"")
        }
        guard jsonLength <= body.length else {
            throw .malformed(
                "Inference-Header-Content-Length \(jsonLength), expected at most the body's \(body.length) bytes"
            )
        }
        return try body.withUnsafePaddedBytes { (bytes) throws(Refusal) in
            let document = try JSONDocument.reading(bytes, length: jsonLength)
            let root = try JSONMembers(document.root, at: "")
            let id = try InferRequestDecoder.id(root)
            do throws(Refusal) {
                let header = try InferHeader(root)
                let binary = UnsafeRawBufferPointer(rebasing: bytes[jsonLength..<body.length])
                return try request(header, id: id, binary: binary, admit: admit)
            } catch {
                var refusal = error
                refusal.id = id
                throw refusal
            }
        }
    }

    private static func id(_ root: JSONMembers) throws(Refusal) -> String? {
        guard let id = try root.string("id") else { return nil }
        guard id.utf8.count <= maximumIDLength else {
            throw .malformed("id: \(id.utf8.count) bytes, expected at most \(maximumIDLength)")
        }
        return id
    }

    private func request(
        _ header: InferHeader,
        id: String?,
        binary: UnsafeRawBufferPointer,
        admit: (Int) -> Bool
    ) throws(Refusal) -> InferRequest {
        let outputs = try wanted(header.outputs)
        let slots = try slots(header.inputs, binaryLength: binary.count)
        let byteCount = slots.reduce(0) { $0 + $1.byteCount }
        guard admit(byteCount) else {
            throw Refusal(.busy, "no memory for \(byteCount) bytes of tensors beside the requests in flight")
        }
        var inputs: [InferTensor] = []
        for slot in slots {
            inputs.append(InferTensor(name: slot.metadata.name, tensor: try slot.tensor(binary)))
        }
        let named = (header.outputs ?? []).compactMap { output in output.binary.map { (output.name, $0) } }
        return InferRequest(
            id: id,
            inputs: inputs,
            outputs: outputs,
            form: ReplyForm(
                binaryByDefault: header.binaryDataOutput,
                binary: Dictionary(named, uniquingKeysWith: { first, _ in first })
            ),
            timeout: header.timeout
        )
    }

    /// The wanted outputs that are the model's, each known and named once.
    private func wanted(_ outputs: [InferHeader.Output]?) throws(Refusal) -> [String]? {
        guard let outputs else { return nil }
        var seen: Set<String> = []
        for output in outputs {
            guard (model.outputs + model.disclosedOutputs).contains(where: { $0.name == output.name }) else {
                let names = model.outputs.map { quoted($0.name) }.joined(separator: ", ")
                throw .malformed("output \(quoted(output.name)): model \(quoted(model.name)) has \(names)")
            }
            guard seen.insert(output.name).inserted else {
                throw .malformed("output \(quoted(output.name)): asked for twice, expected once")
            }
        }
        return outputs.map(\.name).filter { name in model.outputs.contains { $0.name == name } }
    }
}

extension JSONDocument {
    static func reading(_ bytes: UnsafeRawBufferPointer, length: Int) throws(Refusal) -> JSONDocument {
        do throws(JSONFault) {
            return try JSONDocument(bytes, length: length)
        } catch {
            throw Refusal(error.isOutOfMemory ? .busy : .malformed, error.sentence(about: "the request"))
        }
    }
}
