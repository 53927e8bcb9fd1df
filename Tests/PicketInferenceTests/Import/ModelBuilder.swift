import PicketSchemas
import SwiftProtobuf

/// Makes model files for tests, valid unless a test breaks them.
enum ModelBuilder {
    /// A model around a graph.
    static func model(_ graph: Onnx_GraphProto, opset: Int64 = 17, irVersion: Int64 = 8) -> Onnx_ModelProto {
        var model = Onnx_ModelProto()
        model.irVersion = irVersion
        var version = Onnx_OperatorSetIdProto()
        version.domain = ""
        version.version = opset
        model.opsetImport = [version]
        model.graph = graph
        return model
    }

    static func graph(
        inputs: [Onnx_ValueInfoProto] = [value("x", ["N", "4"])],
        outputs: [Onnx_ValueInfoProto] = [value("y", ["N", "4"])],
        initializers: [Onnx_TensorProto] = [],
        nodes: [Onnx_NodeProto] = [node("Identity", ["x"], ["y"], name: "same")]
    ) -> Onnx_GraphProto {
        var graph = Onnx_GraphProto()
        graph.name = "test"
        graph.input = inputs
        graph.output = outputs
        graph.initializer = initializers
        graph.node = nodes
        return graph
    }

    /// An input or output; extents that are no numbers are names.
    static func value(_ name: String, _ extents: [String]?, type: Int32 = 1) -> Onnx_ValueInfoProto {
        var value = Onnx_ValueInfoProto()
        value.name = name
        value.type.tensorType.elemType = type
        guard let extents else { return value }
        value.type.tensorType.shape = Onnx_TensorShapeProto()
        value.type.tensorType.shape.dim = extents.map { extent in
            var dim = Onnx_TensorShapeProto.Dimension()
            if let number = Int64(extent) { dim.dimValue = number } else { dim.dimParam = extent }
            return dim
        }
        return value
    }

    static func node(
        _ operation: String,
        _ inputs: [String],
        _ outputs: [String],
        name: String = "",
        domain: String = "",
        _ attributes: [Onnx_AttributeProto] = []
    ) -> Onnx_NodeProto {
        var node = Onnx_NodeProto()
        node.opType = operation
        node.input = inputs
        node.output = outputs
        node.name = name
        if !domain.isEmpty { node.domain = domain }
        node.attribute = attributes
        return node
    }

    static func ints(_ name: String, _ values: [Int64]) -> Onnx_AttributeProto {
        var attribute = Onnx_AttributeProto()
        attribute.name = name
        attribute.type = .ints
        attribute.ints = values
        return attribute
    }

    static func int(_ name: String, _ value: Int64) -> Onnx_AttributeProto {
        var attribute = Onnx_AttributeProto()
        attribute.name = name
        attribute.type = .int
        attribute.i = value
        return attribute
    }

    static func float(_ name: String, _ value: Float) -> Onnx_AttributeProto {
        var attribute = Onnx_AttributeProto()
        attribute.name = name
        attribute.type = .float
        attribute.f = value
        return attribute
    }

    static func tensor(_ name: String, _ dims: [Int64], _ values: [Float]) -> Onnx_TensorProto {
        var tensor = Onnx_TensorProto()
        tensor.name = name
        tensor.dims = dims
        tensor.dataType = 1
        tensor.rawData = values.withUnsafeBytes { .init($0) }
        return tensor
    }

    static func tensor(_ name: String, _ dims: [Int64], _ values: [Int64]) -> Onnx_TensorProto {
        var tensor = Onnx_TensorProto()
        tensor.name = name
        tensor.dims = dims
        tensor.dataType = 7
        tensor.int64Data = values
        return tensor
    }
}

extension Onnx_ModelProto {
    /// The model file.
    func bytes() throws -> [UInt8] {
        try serializedBytes(partial: true)
    }
}
