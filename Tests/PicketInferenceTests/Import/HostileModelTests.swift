import Foundation
import PicketInference
import PicketSchemas
import SwiftProtobuf
import Testing

@Suite("A model that is not valid")
struct HostileModelTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let model: Onnx_ModelProto
        /// What the error must say, each of it: the node or value, and the reason.
        let says: [String]
        var testDescription: String { name }

        init(_ name: String, _ model: Onnx_ModelProto, says: String...) {
            self.name = name
            self.model = model
            self.says = says
        }

        init(_ name: String, says: String..., change: (inout Onnx_ModelProto) -> Void) {
            var model = ModelBuilder.model(ModelBuilder.graph())
            change(&model)
            self.name = name
            self.model = model
            self.says = says
        }
    }

    static let models: [Case] = [
        Case("no ir_version", says: "no ir_version") { $0.clearIrVersion() },
        Case("ir_version of the future", says: "ir_version 99", "3 to 14") { $0.irVersion = 99 },
        Case("ir_version below zero", says: "ir_version -1") { $0.irVersion = -1 },
        Case("no graph", says: "no graph") { $0.clearGraph() },
        Case("no opset", says: "imports no version") { $0.opsetImport = [] },
        Case("opset 0", says: "opset 0", "1 to 21") { $0.opsetImport[0].version = 0 },
        Case("opset 22", says: "opset 22", "1 to 21") { $0.opsetImport[0].version = 22 },
        Case("opset of 2^63 - 1", says: "1 to 21") { $0.opsetImport[0].version = .max },
        Case("two opsets", says: "versions 17 and 13") { model in
            var other = model.opsetImport[0]
            other.domain = "ai.onnx"
            other.version = 13
            model.opsetImport.append(other)
        },
        Case("a function in place of a standard operator", says: "redefines", "\"Identity\"") { model in
            var function = Onnx_FunctionProto()
            function.name = "Identity"
            model.functions = [function]
        },
        Case("sparse initializers", says: "sparse") { $0.graph.sparseInitializer = [Onnx_SparseTensorProto()] },
    ]

    static let values: [Case] = [
        Case("no inputs", says: "no inputs") { $0.graph.input = [] },
        Case("no outputs", says: "no outputs") { $0.graph.output = [] },
        Case("an input without a name", says: "input \"\"", "no name") { $0.graph.input[0].name = "" },
        Case("an input twice", says: "input \"x\"", "twice") { $0.graph.input.append($0.graph.input[0]) },
        Case("an output twice", says: "output \"y\"", "twice") { $0.graph.output.append($0.graph.output[0]) },
        Case("an output that nothing makes", says: "output \"z\"", "no node makes it") {
            $0.graph.output[0].name = "z"
        },
        Case("an input without a type", says: "input \"x\"", "no type") { $0.graph.input[0].clearType() },
        Case("an input that is a sequence", says: "input \"x\"", "no dense tensor") {
            $0.graph.input[0].type.value = .sequenceType(.init())
        },
        Case("an input of strings", says: "input \"x\"", "STRING") { $0.graph.input[0].type.tensorType.elemType = 8 },
        Case("an input of no type", says: "input \"x\"", "no element type") {
            $0.graph.input[0].type.tensorType.elemType = 0
        },
        Case("an input of element type 77", says: "input \"x\"", "77") {
            $0.graph.input[0].type.tensorType.elemType = 77
        },
        Case("an extent below zero", says: "input \"x\"", "extent -3 on axis 1") {
            $0.graph.input[0] = ModelBuilder.value("x", ["N", "-3"])
        },
        Case("extents that overflow", says: "input \"x\"", "multiply past") {
            $0.graph.input[0] = ModelBuilder.value("x", ["N", "4294967296", "4294967296", "2"])
        },
        Case("an input of 2^31 elements", says: "input \"x\"", "2147483648 elements") {
            $0.graph.input[0] = ModelBuilder.value("x", ["1", "65536", "32768"])
        },
        Case("nine axes", says: "input \"x\"", "9 axes") {
            $0.graph.input[0] = ModelBuilder.value("x", Array(repeating: "1", count: 9))
        },
    ]

    private static func initializer(
        _ change: @escaping (inout Onnx_TensorProto) -> Void
    ) -> (inout Onnx_ModelProto) -> Void {
        { model in
            var tensor = ModelBuilder.tensor("w", [2, 4], [Float](repeating: 1, count: 8))
            change(&tensor)
            model.graph.initializer = [tensor]
        }
    }

    static let initializers: [Case] = [
        Case("no name", says: "initializer \"\"", "no name", change: initializer { $0.name = "" }),
        Case("twice", says: "initializer \"w\"", "twice") { model in
            model.graph.initializer = Array(repeating: ModelBuilder.tensor("w", [1], [Float(1)]), count: 2)
        },
        Case("too few bytes", says: "\"w\"", "32 bytes of data, expected 36", change: initializer { $0.dims = [9] }),
        Case("too many bytes", says: "\"w\"", "32 bytes of data, expected 4", change: initializer { $0.dims = [1] }),
        Case("a negative extent", says: "\"w\"", "extent -2", change: initializer { $0.dims = [-2, -4] }),
        Case(
            "extents that overflow to the right count",
            says: "\"w\"",
            "multiply past",
            change: initializer { $0.dims = [1 << 62, 4, 8] }
        ),
        Case("2^39 elements of nothing", says: "\"w\"", "elements, expected at most") { model in
            var tensor = ModelBuilder.tensor("w", [1 << 39], [Float]())
            tensor.clearRawData()
            model.graph.initializer = [tensor]
        },
        Case("2^30 elements of nothing", says: "\"w\"", "0 elements of data, expected 1073741824") { model in
            var tensor = ModelBuilder.tensor("w", [1 << 30], [Float]())
            tensor.clearRawData()
            model.graph.initializer = [tensor]
        },
        Case("a string tensor", says: "\"w\"", "STRING", change: initializer { $0.dataType = 8 }),
        Case("an unknown type", says: "\"w\"", "element type 1000", change: initializer { $0.dataType = 1000 }),
        Case("no type", says: "\"w\"", "no element type", change: initializer { $0.clearDataType() }),
        Case("in segments", says: "\"w\"", "segments", change: initializer { $0.segment = .init() }),
        Case("raw and listed", says: "\"w\"", "more than one list", change: initializer { $0.floatData = [1] }),
        Case(
            "in the list of another type",
            says: "\"w\"",
            "list of another type than float32",
            change: initializer {
                $0.clearRawData()
                $0.int64Data = Array(repeating: 1, count: 8)
            }
        ),
        Case(
            "in a long list of another type",
            says: "\"w\"",
            "list of another type than float32",
            change: initializer {
                $0.clearRawData()
                $0.dims = [32]
                $0.int64Data = Array(repeating: 1, count: 32)
            }
        ),
        Case(
            "a bool of 2",
            says: "\"w\"",
            "element 3 is no bool",
            change: initializer {
                $0.clearRawData()
                $0.dataType = 9
                $0.dims = [4]
                $0.int32Data = [0, 1, 1, 2]
            }
        ),
        Case(
            "a uint8 of 256 in a long list",
            says: "\"w\"",
            "element 39 is no uint8",
            change: initializer {
                $0.clearRawData()
                $0.dataType = 2
                $0.dims = [40]
                $0.int32Data = Array(repeating: 255, count: 39) + [256]
            }
        ),
        Case(
            "more varints than elements",
            says: "\"w\"",
            "more elements of data than the 20",
            change: initializer {
                $0.clearRawData()
                $0.dataType = 7
                $0.dims = [20]
                $0.int64Data = Array(repeating: 1, count: 21)
            }
        ),
        Case(
            "external data that is in the file",
            says: "\"w\"",
            "says that its data is in the file",
            change: initializer { $0.externalData = [.init()] }
        ),
        Case(
            "external data without a folder",
            says: "\"w\"",
            "not from a folder",
            change: initializer { tensor in
                tensor.clearRawData()
                tensor.dataLocation = .external
                var entry = Onnx_StringStringEntryProto()
                entry.key = "location"
                entry.value = "w.bin"
                tensor.externalData = [entry]
            }
        ),
    ]

    @Test("as a whole", arguments: models)
    func model(_ hostile: Case) throws { try refuse(hostile) }

    @Test("in its inputs and outputs", arguments: values)
    func value(_ hostile: Case) throws { try refuse(hostile) }

    @Test("in an initializer", arguments: initializers)
    func initializer(_ hostile: Case) throws { try refuse(hostile) }

    @Test("in its nodes", arguments: graphs)
    func node(_ hostile: Case) throws { try refuse(hostile) }

    private func refuse(_ hostile: Case) throws {
        do {
            _ = try Model(bytes: hostile.model.bytes())
            Issue.record("imported")
        } catch let error as ImportError {
            for words in hostile.says {
                #expect(error.description.contains(words), "\(error)")
            }
            #expect(!error.description.contains("\n"))
        }
    }

    @Test("names every unsupported operator at once, with node, domain and opset")
    func unsupported() throws {
        var subgraph = Onnx_AttributeProto()
        subgraph.name = "body"
        subgraph.type = .graph
        subgraph.g = Onnx_GraphProto()
        let model = ModelBuilder.model(
            ModelBuilder.graph(nodes: [
                ModelBuilder.node("NoSuchThing", ["x"], ["a"], name: "first"),
                ModelBuilder.node("Relu", ["a"], ["b"], name: "fine"),
                ModelBuilder.node("FusedConv", ["b"], ["c"], name: "second", domain: "com.microsoft"),
                ModelBuilder.node("Relu", ["c"], ["d"], name: "third", [subgraph]),
                ModelBuilder.node("Relu", ["d"], ["y"], [ModelBuilder.int("axis", 1)]),
            ])
        )
        do {
            _ = try Model(bytes: model.bytes())
            Issue.record("imported")
        } catch let error as ImportError {
            guard case .unsupported(let faults) = error else { throw error }
            #expect(faults.map(\.node) == ["first", "second", "third", "Relu#4"])
            #expect(faults.map(\.operatorName) == ["NoSuchThing", "FusedConv", "Relu", "Relu"])
            #expect(faults.allSatisfy { $0.reason.contains("opset 17") })
            #expect(faults[1].reason.contains("com.microsoft"))
            #expect(faults[2].reason.contains("GRAPH"))
        }
        let report = try ModelReport(bytes: model.bytes())
        #expect(report.unsupported.count == 4)
        #expect(report.operators == ["NoSuchThing": 1, "com.microsoft.FusedConv": 1, "Relu": 3])
    }
}
