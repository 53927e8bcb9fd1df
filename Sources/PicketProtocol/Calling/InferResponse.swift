public import NIOCore
public import NIOHTTP1
internal import PicketTensor

/// What a server made of an ``InferCall``.
public enum InferResponse: Sendable {
    /// Its outputs, and the parameters beside them that are strings.
    case answered(outputs: [InferTensor], parameters: [String: String])

    /// An error of the protocol.
    case refused(status: Int, message: String, id: String?)

    /// Reads a reply.
    ///
    /// - Throws: a ``Refusal`` that says what about the reply is not the protocol's.
    public init(_ head: HTTPResponseHead, body: ByteBuffer) throws(Refusal) {
        let complete = try RequestBody(reply: body)
        guard head.status == .ok else {
            self = InferResponse.refusal(head.status, complete)
            return
        }
        let jsonLength: Int
        if let text = head.headers.first(name: "Inference-Header-Content-Length") {
            guard let length = Int(text), 0...complete.length ~= length else {
                throw .malformed("the reply's Inference-Header-Content-Length \(quoted(text))")
            }
            jsonLength = length
        } else {
            jsonLength = complete.length
        }
        let length = complete.length
        self = try complete.withUnsafePaddedBytes { (bytes) throws(Refusal) in
            let document = try JSONDocument.reading(bytes, length: jsonLength)
            let root = try JSONMembers(document.root, at: "")
            var binary = UnsafeRawBufferPointer(rebasing: bytes[jsonLength..<length])
            guard let elements = try root.elements("outputs") else { throw root.missing("outputs", "an array") }
            var outputs: [InferTensor] = []
            for element in elements {
                outputs.append(try InferResponse.tensor(JSONMembers(element, at: "outputs"), &binary))
            }
            let parameters = try root.object("parameters")?.strings ?? [:]
            return .answered(outputs: outputs, parameters: parameters)
        }
    }

    private static func refusal(_ status: HTTPResponseStatus, _ body: RequestBody) -> InferResponse {
        let parsed = try? body.withUnsafePaddedBytes { (bytes) throws(Refusal) -> (String?, String?) in
            let root = try JSONMembers(JSONDocument.reading(bytes, length: body.length).root, at: "")
            return (try root.string("error"), try root.string("id"))
        }
        return .refused(status: Int(status.code), message: parsed?.0 ?? status.reasonPhrase, id: parsed?.1)
    }

    /// One output, whose bytes, where it has any, are taken from the front of `binary`.
    private static func tensor(
        _ members: JSONMembers,
        _ binary: inout UnsafeRawBufferPointer
    ) throws(Refusal) -> InferTensor {
        let output = try InferHeader.Input(members)
        guard let type = output.datatype.elementType, let shape = try? Shape(validating: output.shape) else {
            throw .malformed("output \(quoted(output.name)): \(output.datatype.rawValue) of shape \(output.shape)")
        }
        let metadata = TensorMetadata(name: output.name, elementType: type, dimensions: output.shape)
        switch output.payload {
        case .json(let data):
            guard shape.elementCount <= data.byteCount else {
                throw .malformed("output \(quoted(output.name)): less data than shape \(shape) expects")
            }
            let slot = InputSlot(metadata: metadata, shape: shape, source: .json(data))
            return InferTensor(name: output.name, tensor: try slot.parsed(data))
        case .binary(let size):
            guard size == shape.elementCount * type.byteCount, size <= binary.count else {
                throw .malformed("output \(quoted(output.name)): \(size) bytes do not fill shape \(shape)")
            }
            let bytes = UnsafeRawBufferPointer(rebasing: binary[..<size])
            binary = UnsafeRawBufferPointer(rebasing: binary[size...])
            // Not held against anything else: what a model answers may be NaN.
            guard let tensor = try? Tensor(type, shape: shape, copying: bytes) else {
                throw .malformed("output \(quoted(output.name)): \(size) bytes do not fill shape \(shape)")
            }
            return InferTensor(name: output.name, tensor: tensor)
        }
    }
}
