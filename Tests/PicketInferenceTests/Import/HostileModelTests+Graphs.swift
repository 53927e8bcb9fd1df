import Foundation
import PicketInference
import PicketSchemas
import SwiftProtobuf

extension HostileModelTests {
    static func nodes(_ nodes: Onnx_NodeProto...) -> (inout Onnx_ModelProto) -> Void {
        { $0.graph.node = nodes }
    }

    static func attribute(
        _ change: @escaping (inout Onnx_AttributeProto) -> Void
    ) -> (inout Onnx_ModelProto) -> Void {
        { model in
            var attribute = ModelBuilder.int("axis", 1)
            change(&attribute)
            model.graph.node = [ModelBuilder.node("Flatten", ["x"], ["y"], name: "flat", [attribute])]
        }
    }

    static let graphs: [Case] = [
        Case(
            "a node without an operator",
            says: "\"n\"",
            "no operator",
            change: nodes(ModelBuilder.node("", ["x"], ["y"], name: "n"))
        ),
        Case(
            "a node without an output",
            says: "\"n\" (Relu)",
            "no output",
            change: nodes(ModelBuilder.node("Relu", ["x"], [""], name: "n"))
        ),
        Case(
            "an operand that nothing makes",
            says: "\"n\" (Relu)",
            "reads \"ghost\"",
            change: nodes(ModelBuilder.node("Relu", ["ghost"], ["y"], name: "n"))
        ),
        Case(
            "a value made twice",
            says: "\"b\" (Relu)",
            "makes \"y\"",
            "node \"a\"",
            change: nodes(
                ModelBuilder.node("Relu", ["x"], ["y"], name: "a"),
                ModelBuilder.node("Relu", ["x"], ["y"], name: "b")
            )
        ),
        Case(
            "a value made twice by one node",
            says: "\"a\" (Dropout)",
            "makes \"y\"",
            change: nodes(ModelBuilder.node("Dropout", ["x"], ["y", "y"], name: "a"))
        ),
        Case(
            "a node that makes an input",
            says: "\"a\" (Relu)",
            "makes \"x\"",
            "input",
            change: nodes(ModelBuilder.node("Relu", ["x"], ["x"], name: "a"))
        ),
        Case(
            "a node that reads its own output",
            says: "\"a\" (Add)",
            "cycle",
            change: nodes(ModelBuilder.node("Add", ["x", "y"], ["y"], name: "a"))
        ),
        Case(
            "a cycle of three",
            says: "(Add)",
            "cycle",
            change: nodes(
                ModelBuilder.node("Add", ["x", "c"], ["a"], name: "one"),
                ModelBuilder.node("Add", ["x", "a"], ["b"], name: "two"),
                ModelBuilder.node("Add", ["x", "b"], ["c"], name: "three"),
                ModelBuilder.node("Relu", ["c"], ["y"], name: "last")
            )
        ),
        Case(
            "a declared type that the value has not",
            says: "\"flat\" (Flatten)",
            "declared INT but holds FLOAT",
            change: attribute { $0.f = 1 }
        ),
        Case(
            "an unknown type",
            says: "\"flat\"",
            "type that ONNX does not have",
            change: attribute { attribute in
                // 99, written by hand: the generated enumeration has no such case.
                var bytes = (try? attribute.serializedBytes() as [UInt8]) ?? []
                bytes += [0xa0, 0x01, 99]
                attribute = (try? Onnx_AttributeProto(serializedBytes: bytes)) ?? attribute
                attribute.clearType()
            }
        ),
        Case(
            "two values and no type",
            says: "\"flat\"",
            "holds FLOAT and INT",
            change: attribute {
                $0.clearType()
                $0.f = 1
            }
        ),
        Case(
            "no type and no value",
            says: "\"flat\"",
            "neither",
            change: attribute {
                $0.clearType()
                $0.clearI()
            }
        ),
        Case("no name", says: "\"flat\"", "no name", change: attribute { $0.name = "" }),
        Case(
            "a reference outside a function",
            says: "\"flat\"",
            "function",
            change: attribute { $0.refAttrName = "r" }
        ),
        Case(
            "a string that is not UTF-8",
            says: "\"flat\"",
            "UTF-8",
            change: attribute {
                $0.clearI()
                $0.type = .string
                $0.s = Data([0xff])
            }
        ),
        Case(
            "a tensor that does not fill its shape",
            says: "\"flat\"",
            "\"axis\"",
            "4 bytes",
            change: attribute {
                $0.clearI()
                $0.type = .tensor
                $0.t = ModelBuilder.tensor("", [2], [Float(1)])
            }
        ),
        Case("an attribute twice", says: "\"flat\"", "\"axis\" stands twice") { model in
            let axis = ModelBuilder.int("axis", 1)
            model.graph.node = [ModelBuilder.node("Flatten", ["x"], ["y"], name: "flat", [axis, axis])]
        },
        Case(
            "a Constant with nothing in it",
            says: "\"c\" (Constant)",
            "0 attributes",
            change: nodes(ModelBuilder.node("Constant", [], ["y"], name: "c"))
        ),
        Case(
            "a Constant of a string",
            says: "\"c\" (Constant)",
            "no value",
            change: nodes(ModelBuilder.node("Constant", [], ["y"], name: "c", [ModelBuilder.int("value_string", 1)]))
        ),
        Case("shapes that do not add", says: "\"sum\" (Add)") { model in
            model.graph.initializer = [ModelBuilder.tensor("w", [3], [1, 2, 3] as [Float])]
            model.graph.node = [ModelBuilder.node("Add", ["x", "w"], ["y"], name: "sum")]
        },
        Case("a name that would forge a log line", says: "\\n") { model in
            model.graph.node = [ModelBuilder.node("Relu", ["gh\nost"], ["y"], name: "n")]
        },
    ]
}
