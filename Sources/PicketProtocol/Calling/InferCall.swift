public import NIOCore
public import NIOHTTP1

/// An inference request as a client sends it: all tensors as bytes behind the JSON, and asked for likewise.
public struct InferCall: Sendable {
    public var model: String
    public var id: String?
    public var inputs: [InferTensor]
    /// Nil for all of them.
    public var outputs: [String]?

    public init(model: String, id: String? = nil, inputs: [InferTensor], outputs: [String]? = nil) {
        self.model = model
        self.id = id
        self.inputs = inputs
        self.outputs = outputs
    }

    /// The request's head, without what the connection adds, and its body.
    public func encoded() -> (head: HTTPRequestHead, body: ByteBuffer) {
        var writer = JSONWriter(capacity: 512 + inputs.reduce(0) { $0 + $1.tensor.byteCount })
        writer.object { writer in
            if let id { writer.member("id", id) }
            writer.key("parameters")
            writer.object { writer in
                writer.key("binary_data_output")
                writer.bool(true)
            }
            writer.key("inputs")
            writer.array { writer in
                for input in inputs { writer.binaryTensor(input) }
            }
            if let outputs {
                writer.key("outputs")
                writer.array { writer in
                    for name in outputs { writer.object { $0.member("name", name) } }
                }
            }
        }
        var body = writer.buffer
        let headerLength = body.readableBytes
        for input in inputs {
            _ = input.tensor.withUnsafeBytes { body.writeBytes($0) }
        }
        let headers: HTTPHeaders = [
            "Host": "picket",
            "Content-Type": "application/octet-stream",
            "Content-Length": String(body.readableBytes),
            "Inference-Header-Content-Length": String(headerLength),
        ]
        let target = InferCall.target(model: model) + "/infer"
        return (HTTPRequestHead(version: .http1_1, method: .POST, uri: target, headers: headers), body)
    }

    /// The path of a model's metadata.
    public static func target(model: String) -> String { "/v2/models/" + percentEncoded(model) }

    /// A path segment (RFC 3986, section 2.3: all but unreserved characters are encoded).
    static func percentEncoded(_ segment: String) -> String {
        var encoded = ""
        for byte in segment.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

extension JSONWriter {
    fileprivate mutating func binaryTensor(_ input: InferTensor) {
        object { writer in
            writer.member("name", input.name)
            writer.member("datatype", Datatype(input.tensor.elementType).rawValue)
            writer.key("shape")
            writer.array { for extent in input.tensor.shape.dimensions { $0.integer(extent) } }
            writer.key("parameters")
            writer.object { writer in
                writer.key("binary_data_size")
                writer.integer(input.tensor.byteCount)
            }
        }
    }
}
