internal import PicketProtocol
internal import PicketRuntime
internal import PicketTensor

// The service's words in those of the protocol.

extension ModelMetadata {
    init(_ model: ServedModel) {
        self.init(
            name: model.name,
            version: model.version,
            inputs: model.inputs.map(TensorMetadata.init),
            outputs: model.outputs.map(TensorMetadata.init),
            disclosedOutputs: model.disclosedOutputs.map(TensorMetadata.init),
            maximumRows: model.maximumRows
        )
    }
}

extension TensorMetadata {
    init(_ tensor: TensorInterface) {
        self.init(name: tensor.name, elementType: tensor.elementType, dimensions: tensor.dimensions)
    }
}

extension InferReply {
    init(_ answer: InferenceAnswer, id: String?, model: ModelMetadata) {
        var outputs = answer.outputs.map { InferTensor(name: $0.name, tensor: $0.tensor) }
        var parameters: [(name: String, value: String)] = []
        func disclose(_ flagged: [Bool]) {
            let elements = flagged.map { UInt8($0 ? 1 : 0) }
            outputs.append(InferTensor(name: "picket_flagged", tensor: Tensor(booleans: elements)))
            parameters.append(("picket_verdict", flagged.contains(true) ? "flag" : "pass"))
        }
        switch answer.disclosure {
        case .none: break
        case .verdict(let flagged): disclose(flagged)
        case .score(let flagged, let scores, let record):
            disclose(flagged)
            let tensor = Tensor(scores, shape: Shape([scores.count]))
            outputs.append(InferTensor(name: "picket_score", tensor: tensor))
            if let record { parameters.append(("picket_record", record)) }
        }
        outputs += answer.facts.map { InferTensor(name: $0.name, tensor: $0.tensor) }
        self.init(model: model.name, version: model.version, id: id, outputs: outputs, parameters: parameters)
    }
}

extension Tensor {
    fileprivate init(booleans: [UInt8]) {
        self.init(zeros: .bool, shape: Shape([booleans.count]))
        withUnsafeMutableBytes { $0.copyBytes(from: booleans) }
    }
}

extension Refusal {
    /// All that a flagged request's sender learns.
    static func rejected(model: String, id: String?) -> Refusal {
        Refusal(.rejected, "model \"\(model)\": the request was rejected by the guard", id: id)
    }

    init(_ fault: RequestFault, id: String?) {
        switch fault {
        case .unknownModel(let name): self.init(.notFound, "model \"\(name)\": not found", id: id)
        case .invalid(let field, let found, let expected):
            self.init(.malformed, "\(field): \(found), expected \(expected)", id: id)
        case .tooLarge(let field, let found, let limit):
            self.init(.tooLarge, "\(field): \(found), expected at most \(limit)", id: id)
        case .queueFull(let waiting, let limit):
            self.init(.busy, "queue: \(waiting) rows waiting, \(limit) may wait", id: id)
        case .deadlinePassed(let after): self.init(.deadlinePassed, "no answer after \(after)", id: id)
        case .detectorFailed:
            self.init(.unavailable, "a detector failed, and unguarded answers are not given", id: id)
        case .notReady(let reason): self.init(.unavailable, reason, id: id)
        case .cancelled: self.init(.unavailable, "the request was withdrawn", id: id)
        case .failed(let reason): self.init(.failed, reason, id: id)
        }
    }
}
