import Foundation
import PicketInference
import PicketSchemas
import SwiftProtobuf
import Testing

@Suite("The model scanner")
struct ModelScannerTests {
    /// Bytes of a field: tag, length, content.
    private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        precondition(content.count < 128, "test content is short")
        return [number << 3 | 2, UInt8(content.count)] + content
    }

    struct Hostile: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let path: String
        let reason: WireFault.Reason
        var testDescription: String { name }
    }

    static let hostile: [Hostile] = [
        Hostile(name: "half a tag", bytes: [0x88], path: "model", reason: .truncated(missing: 1)),
        Hostile(
            name: "graph longer than the file",
            bytes: [0x3a, 5, 0],
            path: "graph",
            reason: .truncated(missing: 4)
        ),
        Hostile(
            name: "graph of 2^63 bytes",
            bytes: [0x3a] + Array(repeating: 0xff, count: 9) + [0x01],
            path: "graph",
            reason: .truncated(missing: Int.max)
        ),
        Hostile(name: "a group", bytes: [0x0b, 0x0c], path: "model", reason: .wireType(3)),
        Hostile(
            name: "an unknown field past the end",
            bytes: field(7, [0xd2, 0x0f, 9]),
            path: "graph.#250",
            reason: .truncated(missing: 9)
        ),
        Hostile(
            name: "ir_version as a string",
            bytes: field(1, [8]),
            path: "ir_version",
            reason: .unexpectedWireType(found: 2)
        ),
        Hostile(name: "graph as a number", bytes: [0x38, 1], path: "graph", reason: .unexpectedWireType(found: 0)),
        Hostile(name: "two graphs", bytes: field(7, []) + field(7, []), path: "graph", reason: .repeated),
        Hostile(
            name: "a name that is not UTF-8",
            bytes: field(7, field(1, field(3, [0xff]))),
            path: "graph.node[0].name",
            reason: .notUTF8
        ),
        Hostile(
            name: "the second node's third input",
            bytes: field(
                7,
                field(1, []) + field(1, field(1, []) + field(1, []) + field(1, [0xc0]))
            ),
            path: "graph.node[1].input[2]",
            reason: .notUTF8
        ),
        Hostile(
            name: "float_data of five bytes",
            bytes: field(7, field(5, field(4, [1, 2, 3, 4, 5]))),
            path: "graph.initializer[0].float_data[0]",
            reason: .raggedList
        ),
        Hostile(
            name: "packed dims that end inside a number",
            bytes: field(7, field(5, field(1, [1, 0x80]))),
            path: "graph.initializer[0].dims[0]",
            reason: .raggedList
        ),
        Hostile(
            name: "raw_data twice",
            bytes: field(7, field(5, field(9, [1]) + field(9, [2]))),
            path: "graph.initializer[0].raw_data",
            reason: .repeated
        ),
        Hostile(
            name: "raw_data beside a long float_data",
            bytes: field(7, field(5, field(9, [1]) + field(4, Array(repeating: 0, count: 16)))),
            path: "graph.initializer[0].float_data[0]",
            reason: .repeated
        ),
        Hostile(
            name: "packed varints of eleven bytes",
            bytes: field(7, field(5, field(1, Array(repeating: 0x80, count: 11)))),
            path: "graph.initializer[0].dims[0]",
            reason: .overlongVarint
        ),
    ]

    @Test("refuses what is no message of the schema, and says where", arguments: hostile)
    func refuses(_ hostile: Hostile) {
        do {
            _ = try scanned(hostile.bytes)
            Issue.record("scanned")
        } catch {
            #expect(error.path == hostile.path)
            #expect(error.reason == hostile.reason)
            #expect(error.offset < max(hostile.bytes.count, 1))
        }
    }

    @Test("refuses every truncation of a valid model or scans a shorter valid one")
    func truncations() throws {
        let bytes = try Samples.cnn().bytes()
        for length in 0..<bytes.count {
            let part = Array(bytes.prefix(length))
            guard let skeleton = try? scanned(part) else { continue }
            // What scans must decode: the scanner's word is what the decoder relies on.
            #expect(throws: Never.self) { try Onnx_ModelProto(serializedBytes: skeleton.bytes, partial: true) }
        }
    }

    @Test("leaves large elements in the file and keeps all else")
    func skeleton() throws {
        let model = try Samples.cnn()
        let bytes = try model.bytes()
        let skeleton = try scanned(bytes)
        #expect(skeleton.bytes.count < bytes.count / 2)
        var decoded = try Onnx_ModelProto(serializedBytes: skeleton.bytes, partial: true)
        #expect(decoded.graph.initializer.count == model.graph.initializer.count)
        for (index, tensor) in model.graph.initializer.enumerated() where tensor.rawData.count >= 16 {
            let reference = try #require(PayloadReference(rawData: decoded.graph.initializer[index].rawData))
            #expect(Array(bytes[reference.range]) == Array(tensor.rawData))
            decoded.graph.initializer[index].rawData = tensor.rawData
        }
        #expect(decoded == model)
    }

    @Test("reads the field numbers that the generated code writes")
    func schema() throws {
        var node = ModelBuilder.node("Op", ["a"], ["b"], name: "n", domain: "d")
        node.overload = "o"
        var attribute = Onnx_AttributeProto()
        attribute.name = "all"
        attribute.refAttrName = "r"
        attribute.type = .float
        attribute.f = 1
        attribute.i = -2
        attribute.s = Data([3])
        attribute.t = ModelBuilder.tensor("t", [1], [Int64(-1)])
        attribute.floats = [4]
        attribute.ints = [-5]
        attribute.strings = [Data([6])]
        attribute.g = Onnx_GraphProto()
        attribute.tp = Onnx_TypeProto()
        attribute.sparseTensor = Onnx_SparseTensorProto()
        attribute.graphs = [Onnx_GraphProto()]
        attribute.tensors = [Onnx_TensorProto()]
        attribute.typeProtos = [Onnx_TypeProto()]
        attribute.sparseTensors = [Onnx_SparseTensorProto()]
        node.attribute = [attribute]
        var tensor = ModelBuilder.tensor("w", [1], [Float(7)])
        tensor.floatData = [8]
        tensor.int32Data = [-9]
        tensor.int64Data = [-10]
        tensor.uint64Data = [11]
        tensor.doubleData = [12]
        tensor.segment = Onnx_TensorProto.Segment()
        tensor.dataLocation = .external
        var entry = Onnx_StringStringEntryProto()
        entry.key = "location"
        entry.value = "w.bin"
        tensor.externalData = [entry]
        var inputs = [ModelBuilder.value("x", ["N", "3"])]
        for type: Onnx_TypeProto.OneOf_Value in [
            .sequenceType(.init()), .mapType(.init()), .optionalType(.init()), .sparseTensorType(.init()),
            .opaqueType(.init()),
        ] {
            var value = Onnx_ValueInfoProto()
            value.name = "\(inputs.count)"
            value.type.value = type
            inputs.append(value)
        }
        var graph = ModelBuilder.graph(inputs: inputs, initializers: [tensor], nodes: [node])
        graph.sparseInitializer = [Onnx_SparseTensorProto()]
        var model = ModelBuilder.model(graph)
        model.producerName = "p"
        model.producerVersion = "v"
        var function = Onnx_FunctionProto()
        function.name = "f"
        function.domain = "d"
        model.functions = [function]
        let skeleton = try scanned(model.bytes())
        #expect(try Onnx_ModelProto(serializedBytes: skeleton.bytes, partial: true) == model)
    }

    @Test("drops what the importer does not read, however large")
    func dropped() throws {
        var model = try Samples.cnn()
        let plain = try scanned(model.bytes())
        model.docString = String(repeating: "d", count: 100_000)
        model.graph.docString = model.docString
        model.graph.valueInfo = (0..<1000).map { ModelBuilder.value("v\($0)", ["1"]) }
        model.metadataProps = [Onnx_StringStringEntryProto()]
        let skeleton = try scanned(model.bytes())
        // The graph's length keeps the width that the file gave it.
        #expect(skeleton.bytes.count <= plain.bytes.count + 2)
        #expect(skeleton.tally == plain.tally)
    }
}

/// The skeleton of a model file, by the default limits.
func scanned(_ bytes: [UInt8]) throws(WireFault) -> WireSkeleton {
    try ModelScanner.scan(bytes.span, limits: ImportLimits())
}
