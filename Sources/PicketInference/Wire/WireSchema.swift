/// The messages of `onnx.proto` that the importer reads, and of each the fields that it reads.
///
/// What this table does not name is measured and dropped: documentation, metadata, training, device placement, the
/// declared shapes of inner values (Picket infers them itself). One message contains itself: a graph, through a node's
/// attribute. The scanner bounds how often; all other depth is bounded by the table.
enum WireMessage: CaseIterable {
    case model
    case opset
    case function
    case graph
    case node
    case attribute
    case tensor
    case entry
    case valueInfo
    case type
    case tensorType
    case shape
    case dimension

    /// What one decoded message takes in memory, in bytes, its place in a growing array included; measured on
    /// SwiftProtobuf 1.39 and rounded up.
    var decodedBytes: Int {
        switch self {
        case .attribute: 640
        case .tensor: 512
        case .node: 320
        case .function: 640
        case .model, .graph, .valueInfo, .type: 320
        case .opset, .entry, .tensorType, .shape, .dimension: 160
        }
    }
}

/// What the scanner does with a known field.
enum WireRole: Equatable {
    /// A number in a varint, copied.
    case varint
    /// A 32-bit number, copied.
    case fixed32
    /// A string, checked to be UTF-8 and copied.
    case text
    /// Bytes, copied.
    case bytes
    /// A message, descended into.
    case message(WireMessage)
    /// A message that nobody reads: the skeleton keeps one, empty, to tell that it was there.
    case hollow
    /// A list of varints, packed or one by one; counted and copied.
    case varints
    /// A list of 32-bit numbers, packed or one by one; counted and copied.
    case fixed32s
    /// A tensor's elements: the skeleton keeps a ``PayloadReference`` where they are worth it.
    case payload(PayloadReference.Encoding)
}

/// A field that the importer reads.
struct WireField {
    let number: Int
    let name: String
    let role: WireRole
    var isList = false

    /// Fields of every message, in no order.
    static func fields(of message: WireMessage) -> [WireField] {
        switch message {
        case .model: model
        case .opset: [WireField(1, "domain", .text), WireField(2, "version", .varint)]
        case .function: function
        case .graph: graph
        case .node: node
        case .attribute: attribute
        case .tensor: tensor
        case .entry: [WireField(1, "key", .text), WireField(2, "value", .text)]
        case .valueInfo: [WireField(1, "name", .text), WireField(2, "type", .message(.type))]
        case .type: type
        case .tensorType: [WireField(1, "elem_type", .varint), WireField(2, "shape", .message(.shape))]
        case .shape: [WireField(1, "dim", .message(.dimension), isList: true)]
        case .dimension: [WireField(1, "dim_value", .varint), WireField(2, "dim_param", .text)]
        }
    }

    private init(_ number: Int, _ name: String, _ role: WireRole, isList: Bool = false) {
        self.number = number
        self.name = name
        self.role = role
        self.isList = isList
    }

    private static let model = [
        WireField(1, "ir_version", .varint),
        WireField(2, "producer_name", .text),
        WireField(3, "producer_version", .text),
        WireField(7, "graph", .message(.graph)),
        WireField(8, "opset_import", .message(.opset), isList: true),
        WireField(25, "functions", .message(.function), isList: true),
    ]

    private static let function = [
        WireField(1, "name", .text),
        WireField(4, "input", .text, isList: true),
        WireField(5, "output", .text, isList: true),
        WireField(6, "attribute", .text, isList: true),
        WireField(7, "node", .message(.node), isList: true),
        WireField(9, "opset_import", .message(.opset), isList: true),
        WireField(10, "domain", .text),
        WireField(11, "attribute_proto", .message(.attribute), isList: true),
        WireField(13, "overload", .text),
    ]

    private static let graph = [
        WireField(1, "node", .message(.node), isList: true),
        WireField(2, "name", .text),
        WireField(5, "initializer", .message(.tensor), isList: true),
        WireField(11, "input", .message(.valueInfo), isList: true),
        WireField(12, "output", .message(.valueInfo), isList: true),
        WireField(15, "sparse_initializer", .hollow, isList: true),
    ]

    private static let node = [
        WireField(1, "input", .text, isList: true),
        WireField(2, "output", .text, isList: true),
        WireField(3, "name", .text),
        WireField(4, "op_type", .text),
        WireField(5, "attribute", .message(.attribute), isList: true),
        WireField(7, "domain", .text),
        WireField(8, "overload", .text),
    ]

    private static let attribute = [
        WireField(1, "name", .text),
        WireField(2, "f", .fixed32),
        WireField(3, "i", .varint),
        WireField(4, "s", .bytes),
        WireField(5, "t", .message(.tensor)),
        WireField(6, "g", .message(.graph)),
        WireField(7, "floats", .fixed32s, isList: true),
        WireField(8, "ints", .varints, isList: true),
        WireField(9, "strings", .bytes, isList: true),
        WireField(10, "tensors", .hollow, isList: true),
        WireField(11, "graphs", .hollow, isList: true),
        WireField(14, "tp", .hollow),
        WireField(15, "type_protos", .hollow, isList: true),
        WireField(20, "type", .varint),
        WireField(21, "ref_attr_name", .text),
        WireField(22, "sparse_tensor", .hollow),
        WireField(23, "sparse_tensors", .hollow, isList: true),
    ]

    private static let tensor = [
        WireField(1, "dims", .varints, isList: true),
        WireField(2, "data_type", .varint),
        WireField(3, "segment", .hollow),
        WireField(4, "float_data", .payload(.float32List), isList: true),
        WireField(5, "int32_data", .payload(.int32List), isList: true),
        WireField(7, "int64_data", .payload(.int64List), isList: true),
        WireField(8, "name", .text),
        WireField(9, "raw_data", .payload(.raw)),
        WireField(10, "double_data", .payload(.float64List), isList: true),
        WireField(11, "uint64_data", .payload(.uint64List), isList: true),
        WireField(13, "external_data", .message(.entry), isList: true),
        WireField(14, "data_location", .varint),
    ]

    private static let type = [
        WireField(1, "tensor_type", .message(.tensorType)),
        WireField(4, "sequence_type", .hollow),
        WireField(5, "map_type", .hollow),
        WireField(7, "opaque_type", .hollow),
        WireField(8, "sparse_tensor_type", .hollow),
        WireField(9, "optional_type", .hollow),
    ]
}

/// The schema as the scanner asks for it: by message and field number.
struct WireTable {
    private let rows: [WireMessage: [WireField?]]

    static let onnx = WireTable()

    private init() {
        var rows: [WireMessage: [WireField?]] = [:]
        for message in WireMessage.allCases {
            var row = [WireField?](repeating: nil, count: 32)
            for field in WireField.fields(of: message) { row[field.number] = field }
            rows[message] = row
        }
        self.rows = rows
    }

    /// The field, or nil where the importer does not read it.
    func field(_ number: Int, of message: WireMessage) -> WireField? {
        guard number < 32 else { return nil }
        return rows[message]?[number]
    }
}
