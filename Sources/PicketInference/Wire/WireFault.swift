/// What is wrong with a model's bytes before anything of them is decoded.
public struct WireFault: Error, Hashable, CustomStringConvertible {
    /// Why the bytes are refused.
    public enum Reason: Error, Hashable, Sendable {
        /// A value ends behind the message that holds it, by so many bytes at least.
        case truncated(missing: Int)
        /// A number of more than ten bytes or 64 bits.
        case overlongVarint
        /// A field number of 0, or past 2^29.
        case fieldNumber(UInt64)
        /// A group, or a wire type that protobuf does not assign.
        case wireType(Int)
        /// A known field written with another wire type than its own.
        case unexpectedWireType(found: Int)
        /// A field that may stand once stands twice.
        case repeated
        /// A string that is not UTF-8.
        case notUTF8
        /// A packed list whose bytes are no whole number of elements.
        case raggedList
        /// A string longer than ``ImportLimits/stringBytes``.
        case longString(bytes: Int, limit: Int)
        /// More of something than its limit in ``ImportLimits``.
        case tooMany(String, limit: Int)
        /// Graphs in attributes of nodes of graphs in attributes, deeper than ``ImportLimits/subgraphDepth``.
        case tooDeep(limit: Int)
        /// What the file would decode to exceeds ``ImportLimits/decodedBytes(of:)``.
        case amplification(limit: Int)
    }

    /// The field, from the model down: `graph.node[3].attribute[0].name`. A trailing `#12` is an unknown field.
    public let path: String

    /// Where in the file the fault lies, in bytes.
    public let offset: Int

    /// Why the bytes are refused.
    public let reason: Reason

    public var description: String { "\(path) at byte \(offset): \(reason)" }
}

extension WireFault.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated(let missing): "truncated: \(missing) more bytes expected"
        case .overlongVarint: "a number of more than 64 bits"
        case .fieldNumber(let number): "field number \(number), expected 1 to 536870911"
        case .wireType(let type): type == 3 || type == 4 ? "a group, which ONNX does not use" : "wire type \(type)"
        case .unexpectedWireType(let found): "wire type \(found), which the field does not have"
        case .repeated: "stands twice, expected once"
        case .notUTF8: "not UTF-8"
        case .raggedList: "a packed list that ends inside an element"
        case .longString(let bytes, let limit): "a string of \(bytes) bytes, expected at most \(limit)"
        case .tooDeep(let limit): "a graph in \(limit) graphs, expected no deeper"
        case .tooMany(let what, let limit): "more than \(limit) \(what)"
        case .amplification(let limit): "many small parts that would decode to more than \(limit) bytes"
        }
    }
}
