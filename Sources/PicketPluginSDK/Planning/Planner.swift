import CPicketABI

/// Where a detector names the nodes it needs. The host shares equal nodes between detectors and batches them. Valid during
/// ``Detector/plan(_:)``.
///
/// Every call throws ``DetectorFault`` where a node, model, tensor or name does not exist or does not fit.
public struct Planner {
    /// A node of the graph: the input, a variant, a run or a tensor.
    public struct Node: Sendable, Hashable {
        let number: picket_node
        /// The row itself.
        public static let input = Node(number: picket_node(PICKET_NODE_INPUT))
    }

    private let planner: UnsafePointer<picket_planner>

    init(_ planner: UnsafePointer<picket_planner>) {
        self.planner = planner
    }

    /// A transformed copy of a node.
    ///
    /// - Parameters:
    ///   - source: the input, another variant, or a tensor.
    ///   - key: says what it is: transform, parameters, and the draw's number where it is drawn. Equal keys on equal sources
    ///     are one variant. Bare keys are those that the plugin guide defines; any other starts with the plugin's name
    ///     and a slash.
    ///   - token: comes back in ``Detector/render(_:source:shape:generator:into:)``.
    ///   - drawn: whether it is drawn anew for every row, and its renderer needs a generator.
    ///   - extents: its shape, any; nil means that of the source. A model runs only on the shape of its rows.
    public func variant(
        of source: Node = .input,
        key: String,
        token: UInt64,
        drawn: Bool = false,
        extents: Extents? = nil
    ) throws -> Node {
        guard let call = planner.pointee.variant else { throw missing("variant") }
        let flags = drawn ? UInt32(PICKET_VARIANT_DRAWN) : 0
        let shape = (extents.map(Array.init) ?? []).map { Int64($0) }
        return try node { node, error in
            withPicketString(key) { key in
                shape.withUnsafeBufferPointer { shape in
                    call(
                        planner.pointee.context,
                        source.number,
                        key,
                        token,
                        flags,
                        UInt32(shape.count),
                        shape.baseAddress,
                        node,
                        error
                    )
                }
            }
        }
    }

    /// One row's forward pass of a model of the configuration; nil is the served one.
    public func run(_ source: Node = .input, model: String? = nil) throws -> Node {
        guard let call = planner.pointee.run else { throw missing("run") }
        return try node { node, error in
            withPicketString(model ?? "") { call(planner.pointee.context, source.number, $0, node, error) }
        }
    }

    /// A tensor of a run: ``probabilities``, ``logProbabilities``, a named output of the model's graph, or one of its layers
    /// (``Host/ModelFacts/layers``).
    public func tensor(_ name: String, of run: Node) throws -> Node {
        guard let call = planner.pointee.tensor else { throw missing("tensor") }
        return try node { node, error in
            withPicketString(name) { call(planner.pointee.context, run.number, $0, node, error) }
        }
    }

    /// The first output as class probabilities, [classes].
    public static var probabilities: String { PICKET_PROBABILITIES }

    /// Their natural logarithms, [classes].
    public static var logProbabilities: String { PICKET_LOG_PROBABILITIES }

    /// Asks for a variant or tensor at score.
    public func want(_ node: Node) throws -> Wanted {
        guard let call = planner.pointee.want else { throw missing("want") }
        var index: UInt32 = 0
        try callingHost { error in call(planner.pointee.context, node.number, &index, error) }
        return Wanted(index: Int(index))
    }

    /// Declares a component and gives its index in ``Detector/score(_:into:)``: a number that every row gets, higher = more
    /// suspicious. Name: lower-case letters, digits, '-', '.', ':'; at most 64.
    @discardableResult
    public func component(_ name: String) throws -> Int {
        guard let call = planner.pointee.component else { throw missing("component") }
        var index: UInt32 = 0
        try callingHost { error in
            withPicketString(name) { call(planner.pointee.context, $0, &index, error) }
        }
        return Int(index)
    }

    /// Declares a fact and gives its index in ``ReportingDetector/report(_:facts:answer:)``: a number that no rank or threshold
    /// sees, for events and, where the operator discloses scores, for replies. Name: a lower-case letter, then lower-case
    /// letters, digits and '-'; at most 64.
    @discardableResult
    public func fact(_ name: String) throws -> Int {
        // A host of minor 0 has a shorter table: its size says whether the member is there to be read.
        guard has(\.fact), let call = planner.pointee.fact else { throw missing("fact") }
        var index: UInt32 = 0
        try callingHost { error in
            withPicketString(name) { call(planner.pointee.context, $0, &index, error) }
        }
        return Int(index)
    }

    /// Says that this detector gives the served answer in the model's place; at most one of a chain may.
    public func answers() throws {
        guard has(\.answers), let call = planner.pointee.answers else { throw missing("answers") }
        try callingHost { error in call(planner.pointee.context, error) }
    }

    /// Whether the host's table reaches beyond a member of a later minor version.
    private func has<Call>(_ member: KeyPath<picket_planner, Call?>) -> Bool {
        guard let offset = MemoryLayout<picket_planner>.offset(of: member) else { return false }
        return Int(planner.pointee.struct_size) >= offset + MemoryLayout<Call?>.size
    }

    private func node(
        _ body: (UnsafeMutablePointer<picket_node>, UnsafeMutablePointer<picket_error>) -> picket_status
    ) throws -> Node {
        var number: picket_node = 0
        try callingHost { error in body(&number, error) }
        return Node(number: number)
    }

    private func missing(_ call: String) -> DetectorFault {
        .unsupported("the host's planner has no call \(call)")
    }
}

extension Planner {
    /// Runs a model on a node and asks for a tensor of it: the usual three calls in one.
    public func want(_ tensor: String, ofRunning model: String? = nil, on source: Node = .input) throws -> Wanted {
        try want(self.tensor(tensor, of: run(source, model: model)))
    }
}
