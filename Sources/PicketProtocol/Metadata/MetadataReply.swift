extension HTTPReply {
    /// The answer to `GET /v2`.
    static func server(_ metadata: ServerMetadata) -> HTTPReply {
        .json(.ok) { writer in
            writer.member("name", metadata.name)
            writer.member("version", metadata.version)
            writer.key("extensions")
            writer.array { for name in ServerMetadata.extensions { $0.string(name) } }
        }
    }

    /// The answer to `GET /v2/models/M`.
    static func model(_ metadata: ModelMetadata) -> HTTPReply {
        .json(.ok) { writer in
            writer.member("name", metadata.name)
            writer.key("versions")
            writer.array { $0.string(metadata.version) }
            writer.member("platform", "picket_onnx")
            writer.tensors("inputs", metadata.inputs)
            writer.tensors("outputs", metadata.outputs + metadata.disclosedOutputs)
        }
    }

    static func live() -> HTTPReply {
        .json(.ok) { writer in
            writer.key("live")
            writer.bool(true)
        }
    }

    /// 503 says "not yet, or no more", which clients and probes may try again.
    static func ready(_ isReady: Bool) -> HTTPReply {
        .json(isReady ? .ok : .serviceUnavailable) { writer in
            writer.key("ready")
            writer.bool(isReady)
        }
    }

    static func ready(_ isReady: Bool, model: String) -> HTTPReply {
        .json(isReady ? .ok : .serviceUnavailable) { writer in
            writer.member("name", model)
            writer.key("ready")
            writer.bool(isReady)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func tensors(_ name: String, _ tensors: [TensorMetadata]) {
        key(name)
        array { writer in
            for tensor in tensors {
                writer.object { writer in
                    writer.member("name", tensor.name)
                    writer.member("datatype", Datatype(tensor.elementType).rawValue)
                    writer.key("shape")
                    writer.array { for extent in tensor.dimensions { $0.integer(extent ?? -1) } }
                }
            }
        }
    }
}
