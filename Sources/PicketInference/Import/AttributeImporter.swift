internal import PicketSchemas
internal import PicketTensor

/// Turns a node's attributes into values free of the wire format, each of exactly one kind.
struct AttributeImporter {
    /// An attribute's list kinds and single kinds by what the file says, and what it holds.
    private struct Contents {
        let declared: Onnx_AttributeProto.AttributeType
        let present: [Onnx_AttributeProto.AttributeType]

        init(_ proto: Onnx_AttributeProto) {
            declared = proto.hasType ? proto.type : .undefined
            let parts: [(Bool, Onnx_AttributeProto.AttributeType)] = [
                (proto.hasF, .float), (proto.hasI, .int), (proto.hasS, .string), (proto.hasT, .tensor),
                (proto.hasG, .graph), (proto.hasSparseTensor, .sparseTensor), (proto.hasTp, .typeProto),
                (!proto.floats.isEmpty, .floats), (!proto.ints.isEmpty, .ints), (!proto.strings.isEmpty, .strings),
                (!proto.tensors.isEmpty, .tensors), (!proto.graphs.isEmpty, .graphs),
                (!proto.sparseTensors.isEmpty, .sparseTensors), (!proto.typeProtos.isEmpty, .typeProtos),
            ]
            present = parts.filter(\.0).map(\.1)
        }

        /// The one kind of the attribute; an absent value of a declared kind is that kind's zero or empty list.
        func kind() throws(OperatorFault) -> Onnx_AttributeProto.AttributeType {
            if declared != .undefined {
                if let other = present.first(where: { $0 != declared }) {
                    throw OperatorFault("is declared \(declared.name) but holds \(other.name)")
                }
                return declared
            }
            guard let kind = present.first else { throw OperatorFault("has neither a type nor a value") }
            guard present.count == 1 else { throw OperatorFault("holds \(kind.name) and \(present[1].name)") }
            return kind
        }
    }

    /// The attributes of a node by name.
    ///
    /// - Throws: ``TensorImporter/Fault`` with the attribute's name in front of the reason.
    static func attributes(
        _ protos: [Onnx_AttributeProto],
        tensors: inout TensorImporter
    ) throws(TensorImporter.Fault) -> [String: AttributeValue] {
        var values: [String: AttributeValue] = [:]
        for proto in protos {
            let name = proto.name
            guard !name.isEmpty else { throw .tensor(OperatorFault("an attribute has no name")) }
            guard values[name] == nil else {
                throw .tensor(OperatorFault("attribute \(name.quotedForMessage) stands twice"))
            }
            do {
                values[name] = try value(proto, &tensors)
            } catch {
                guard case .tensor(let fault) = error else { throw error }
                throw .tensor(OperatorFault("attribute \(name.quotedForMessage) \(fault.reason)"))
            }
        }
        return values
    }

    private static func value(
        _ proto: Onnx_AttributeProto,
        _ tensors: inout TensorImporter
    ) throws(TensorImporter.Fault) -> AttributeValue {
        // The skeleton holds known fields only, so what is unknown in it is an enumeration's value.
        guard proto.unknownFields.data.isEmpty else {
            throw .tensor(OperatorFault("is of a type that ONNX does not have"))
        }
        guard proto.refAttrName.isEmpty else {
            throw .tensor(OperatorFault("refers to an attribute of a function, and stands in none"))
        }
        let kind: Onnx_AttributeProto.AttributeType
        do {
            kind = try Contents(proto).kind()
        } catch {
            throw .tensor(error)
        }
        switch kind {
        case .float: return .float(proto.f)
        case .int: return .int(proto.i)
        case .string: return .string(try text(Array(proto.s)))
        case .floats: return .floats(proto.floats)
        case .ints: return .ints(proto.ints)
        case .strings:
            var strings: [String] = []
            for bytes in proto.strings { strings.append(try text(Array(bytes))) }
            return .strings(strings)
        case .tensor: return .tensor(try tensors.constant(proto.t))
        default: return .unsupported(kind.name)
        }
    }

    private static func text(_ bytes: [UInt8]) throws(TensorImporter.Fault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .tensor(OperatorFault("is a string that is not UTF-8"))
        }
        return text
    }
}

extension Onnx_AttributeProto.AttributeType {
    /// The type's name in ONNX's specification.
    fileprivate var name: String {
        switch self {
        case .undefined: "UNDEFINED"
        case .float: "FLOAT"
        case .int: "INT"
        case .string: "STRING"
        case .tensor: "TENSOR"
        case .graph: "GRAPH"
        case .sparseTensor: "SPARSE_TENSOR"
        case .typeProto: "TYPE_PROTO"
        case .floats: "FLOATS"
        case .ints: "INTS"
        case .strings: "STRINGS"
        case .tensors: "TENSORS"
        case .graphs: "GRAPHS"
        case .sparseTensors: "SPARSE_TENSORS"
        case .typeProtos: "TYPE_PROTOS"
        }
    }
}
