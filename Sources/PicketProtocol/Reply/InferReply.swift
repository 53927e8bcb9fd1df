internal import NIOCore
internal import NIOHTTP1
internal import PicketTensor

/// The answer to an inference request.
public struct InferReply: Sendable {
    public let model: String
    public let version: String
    public let id: String?

    /// In the order they are sent.
    public let outputs: [InferTensor]

    /// `picket_verdict`, `picket_record`: what the operator discloses beside tensors.
    public let parameters: [(name: String, value: String)]

    public init(
        model: String,
        version: String,
        id: String?,
        outputs: [InferTensor],
        parameters: [(name: String, value: String)] = []
    ) {
        self.model = model
        self.version = version
        self.id = id
        self.outputs = outputs
        self.parameters = parameters
    }

    /// Encodes the reply: each output as JSON numbers, or behind the JSON as bytes where `form` says so.
    ///
    /// - Parameter admit: asked once, before so many bytes are allocated.
    /// - Throws: a ``Refusal`` where the reply could become larger than ``maximumLength``, or `admit` says no.
    public func encoded(_ form: ReplyForm, admit: (_ byteCount: Int) -> Bool) throws(Refusal) -> HTTPReply {
        guard let bound = lengthBound(form) else {
            throw Refusal(
                .tooLarge,
                "outputs that may take more than \(InferReply.maximumLength) bytes, expected at most as many in one reply: ask for fewer rows or outputs",
                id: id
            )
        }
        guard admit(bound) else {
            throw Refusal(.busy, "no memory for \(bound) bytes of reply beside the requests in flight", id: id)
        }
        let binary = outputs.map { form.isBinary($0.name) }
        var writer = JSONWriter(capacity: bound)
        writer.object { writer in
            writer.member("model_name", model)
            writer.member("model_version", version)
            if let id { writer.member("id", id) }
            if !parameters.isEmpty {
                writer.key("parameters")
                writer.object { for parameter in parameters { $0.member(parameter.name, parameter.value) } }
            }
            writer.key("outputs")
            writer.array { writer in
                for (output, isBinary) in zip(outputs, binary) {
                    writer.output(output, isBinary: isBinary)
                }
            }
        }
        var body = writer.buffer
        guard binary.contains(true) else {
            return HTTPReply(status: .ok, headers: ["Content-Type": "application/json"], body: body)
        }
        let headerLength = body.readableBytes
        for (output, isBinary) in zip(outputs, binary) where isBinary {
            _ = output.tensor.withUnsafeBytes { body.writeBytes($0) }
        }
        let headers: HTTPHeaders = [
            "Content-Type": "application/octet-stream",
            "Inference-Header-Content-Length": String(headerLength),
        ]
        return HTTPReply(status: .ok, headers: headers, body: body)
    }
}

extension JSONWriter {
    fileprivate mutating func output(_ output: InferTensor, isBinary: Bool) {
        object { writer in
            writer.member("name", output.name)
            writer.member("datatype", Datatype(output.tensor.elementType).rawValue)
            writer.key("shape")
            writer.array { for extent in output.tensor.shape.dimensions { $0.integer(extent) } }
            if isBinary {
                writer.key("parameters")
                writer.object { writer in
                    writer.key("binary_data_size")
                    writer.integer(output.tensor.byteCount)
                }
            } else {
                writer.key("data")
                writer.elements(of: output.tensor)
            }
        }
    }
}
