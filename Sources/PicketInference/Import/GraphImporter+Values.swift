internal import PicketSchemas
internal import PicketTensor

extension GraphImporter {
    mutating func importInitializers(_ protos: [Onnx_TensorProto]) throws(ImportError) {
        for proto in protos {
            let name = proto.name
            guard !name.isEmpty else { throw .value(role: "initializer", name: name, reason: "has no name") }
            guard names[name] == nil else {
                throw .value(role: "initializer", name: name, reason: "stands twice")
            }
            do {
                let constant = try tensors.constant(proto)
                setConstant(define(name), constant)
            } catch {
                throw error.importError { .value(role: "initializer", name: name, reason: $0) }
            }
        }
    }

    /// The graph's inputs. One that an initializer gives a default to is a constant: no client sends weights.
    mutating func importInputs(_ protos: [Onnx_ValueInfoProto]) throws(ImportError) {
        let own = protos.filter { proto in
            guard let id = names[proto.name] else { return true }
            return graph.constants[id] == nil
        }
        let batch = batchSymbol(own)
        for proto in own {
            let name = proto.name
            guard !name.isEmpty else { throw .value(role: "input", name: name, reason: "has no name") }
            guard names[name] == nil else { throw .value(role: "input", name: name, reason: "stands twice") }
            let fact = try fact(proto, role: "input", batch: batch)
            addInput(define(name, declared: fact))
        }
        guard !graph.inputs.isEmpty else { throw .model(reason: "the graph has no inputs") }
    }

    mutating func importOutputs(_ protos: [Onnx_ValueInfoProto]) throws(ImportError) {
        let batch = batchSymbol(
            proto.input.filter { names[$0.name].map(graph.inputs.contains) ?? false }
        )
        var seen: Set<String> = []
        for proto in protos {
            let name = proto.name
            guard seen.insert(name).inserted else { throw .value(role: "output", name: name, reason: "stands twice") }
            guard let id = names[name] else {
                throw .value(role: "output", name: name, reason: "no node makes it")
            }
            addOutput(id, declared: try fact(proto, role: "output", batch: batch))
        }
        guard !graph.outputs.isEmpty else { throw .model(reason: "the graph has no outputs") }
    }

    /// The name that the model gives to the batch: that of the outermost extent of the first input that has one.
    private func batchSymbol(_ inputs: [Onnx_ValueInfoProto]) -> String? {
        for input in inputs {
            guard case .dimParam(let name)? = input.type.tensorType.shape.dim.first?.value, !name.isEmpty else {
                continue
            }
            return name
        }
        return nil
    }

    func fact(
        _ proto: Onnx_ValueInfoProto,
        role: String,
        batch: String?
    ) throws(ImportError) -> TensorFact {
        do {
            return try fact(proto.type, isInput: role == "input", batch: batch)
        } catch {
            throw .value(role: role, name: proto.name, reason: error.reason)
        }
    }

    private func fact(_ type: Onnx_TypeProto, isInput: Bool, batch: String?) throws(OperatorFault) -> TensorFact {
        guard case .tensorType(let tensor)? = type.value else {
            throw OperatorFault(type.value == nil ? "has no type" : "is no dense tensor, which is not supported")
        }
        let elementType = try ElementType(onnx: tensor.elemType)
        guard tensor.hasShape else { return TensorFact(elementType, nil) }
        let dims = tensor.shape.dim
        guard dims.count <= limits.rank else {
            throw OperatorFault("\(dims.count) axes, expected at most \(limits.rank)")
        }
        var dimensions: [Dimension] = []
        for (axis, dim) in dims.enumerated() {
            dimensions.append(try dimension(dim, axis: axis, isInput: isInput, batch: batch))
        }
        do {
            let extents = dimensions.map { $0.extent ?? 1 }
            let count = try Shape(validating: extents).elementCount
            guard count <= limits.tensorElements else {
                throw OperatorFault("\(count) elements, expected at most \(limits.tensorElements)")
            }
        } catch let fault as OperatorFault {
            throw fault
        } catch {
            throw OperatorFault("\(error)")
        }
        return TensorFact(elementType, dimensions)
    }

    /// An extent: the outermost of an input is the batch where the model leaves it open, as is every extent that has
    /// the batch's name.
    private func dimension(
        _ dim: Onnx_TensorShapeProto.Dimension,
        axis: Int,
        isInput: Bool,
        batch: String?
    ) throws(OperatorFault) -> Dimension {
        switch dim.value {
        case .dimValue(let extent) where extent != -1:
            guard extent >= 0 else { throw OperatorFault("extent \(extent) on axis \(axis), expected 0 or more") }
            return .known(Int(extent))
        case .dimParam(let name) where !name.isEmpty:
            return name == batch || (isInput && axis == 0) ? .batch : .symbol(name)
        // Paddle's exporter writes -1 where it means that an extent is open.
        case .dimParam, .dimValue, nil:
            return axis == 0 ? .batch : .symbol("axis \(axis)")
        }
    }
}
