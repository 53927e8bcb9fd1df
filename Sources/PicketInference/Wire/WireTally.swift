/// What the scanner counts in a model file, and where it stops counting.
package struct WireTally: Equatable, Sendable {
    /// Sub-messages that decoding makes.
    package private(set) var messages = 0

    /// Numbers written one by one or in lists that the skeleton keeps.
    package private(set) var numbers = 0

    /// Nodes and initializers of all graphs and functions.
    private var nodes = 0
    private var initializers = 0

    /// Bytes of strings.
    package private(set) var stringBytes = 0

    /// What decoding the skeleton will take, estimated from above, in bytes.
    package private(set) var decodedBytes = 0

    /// What one number of a list takes at most: eight bytes, and as many again and half while its array grows.
    static let bytesPerNumber = 24

    /// What a string takes beside its characters: its place in a growing array and its allocation's header.
    static let bytesPerString = 80

    mutating func message(_ kind: WireMessage, _ limit: Int) throws(WireFault.Reason) {
        messages += 1
        try add(kind.decodedBytes, limit)
    }

    mutating func string(_ bytes: Int, _ limits: ImportLimits, _ limit: Int) throws(WireFault.Reason) {
        guard bytes <= limits.stringBytes else { throw .longString(bytes: bytes, limit: limits.stringBytes) }
        stringBytes += bytes
        try add(WireTally.bytesPerString + bytes, limit)
    }

    mutating func numbers(_ count: Int, _ limits: ImportLimits, _ limit: Int) throws(WireFault.Reason) {
        guard count <= limits.numbers - numbers else { throw .tooMany("numbers in lists", limit: limits.numbers) }
        numbers += count
        try add(count * WireTally.bytesPerNumber, limit)
    }

    /// Whether one more element of a list, the `index`-th, is within the limits that have a name of their own.
    mutating func check(
        _ kind: WireMessage,
        _ field: WireField,
        _ index: Int,
        _ limits: ImportLimits
    ) throws(WireFault.Reason) {
        let bound: (what: String, limit: Int)
        switch (kind, field.name) {
        case (.graph, "node"), (.function, "node"):
            nodes += 1
            guard nodes <= limits.nodes else { throw .tooMany("nodes", limit: limits.nodes) }
            return
        case (.graph, "initializer"):
            initializers += 1
            guard initializers <= limits.initializers else {
                throw .tooMany("initializers", limit: limits.initializers)
            }
            return
        case (.graph, "input"): bound = ("inputs of the graph", limits.inputs)
        case (.graph, "output"): bound = ("outputs of the graph", limits.inputs)
        case (.node, "input"): bound = ("inputs of a node", limits.nodeValues)
        case (.node, "output"): bound = ("outputs of a node", limits.nodeValues)
        default: return
        }
        guard index < bound.limit else { throw .tooMany(bound.what, limit: bound.limit) }
    }

    private mutating func add(_ bytes: Int, _ limit: Int) throws(WireFault.Reason) {
        let (sum, overflow) = decodedBytes.addingReportingOverflow(bytes)
        guard !overflow, sum <= limit else { throw .amplification(limit: limit) }
        decodedBytes = sum
    }
}
