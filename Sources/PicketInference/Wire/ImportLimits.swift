/// Every bound on what a model file may ask of the importer, in one place.
///
/// The defaults let through the largest image classifiers in use with room to spare, and keep the import of a hostile
/// file within a small multiple of its size and a second or two.
public struct ImportLimits: Sendable, Hashable {
    /// Bytes of the model file; protobuf's own limit is 2 GiB.
    public var fileBytes = 2 << 30

    /// Bytes of all external data files together.
    public var externalBytes = 8 << 30

    /// Distinct external data files.
    public var externalFiles = 256

    /// Nodes of all graphs and functions together, and again once functions are expanded.
    public var nodes = 32_768

    /// Initializers of all graphs together.
    public var initializers = 65_536

    /// Graphs around a graph: branches and loops inside one another.
    public var subgraphDepth = 4

    /// Loops in all graphs together: what one may cost before a run is bounded, and so is how often.
    public var loops = 32

    /// Functions of the model that call one another, from the outermost call on.
    public var functionDepth = 16

    /// Inputs of the graph, initializers that are listed as inputs included, and as many outputs.
    public var inputs = 65_536

    /// Inputs or outputs of one node.
    public var nodeValues = 256

    /// Bytes of one string: a name, a path, a string attribute.
    public var stringBytes = 65_536

    /// Numbers that are written one by one or in lists (attributes, extents, short tensors), over the whole model.
    public var numbers = 1 << 20

    /// What the file may decode to, before ``decodedBytesPerFileByte``, in bytes.
    public var decodedBytesBase = 48 << 20

    /// What each byte of the file may add to ``decodedBytesBase``.
    public var decodedBytesPerFileByte = 2

    /// Axes of one tensor.
    public var rank = 8

    /// Elements of one tensor, at batch 1 where the batch is symbolic.
    public var tensorElements = (1 << 31) - 1

    /// Bytes of one tensor that constant folding makes, where it is larger than what it is made from.
    public var foldedTensorBytes = 8 << 20

    /// Bytes of all tensors that constant folding makes, beside as many as the file has.
    public var foldedBytes = 16 << 20

    /// What constant folding may work in one round: multiplications, or four elements moved; about a second.
    public var foldedWork = 1 << 26

    /// Rounds of the passes before the graph is taken as it is.
    public var passRounds = 6

    /// Bytes that a pass needs at once, beside the weights.
    public var passBytes = 4 << 30

    /// Seconds that a row, or a run of whole tensors, takes on one thread by the plan's estimate; and a loop while it runs,
    /// whose trips nobody knows before.
    public var passSeconds = 600.0

    /// The defaults.
    public init() {}

    /// The bytes that a file's messages, strings and lists may take once decoded, by the scanner's estimate.
    public func decodedBytes(of fileBytes: Int) -> Int {
        let (proportional, overflow) = fileBytes.multipliedReportingOverflow(by: decodedBytesPerFileByte)
        guard !overflow else { return Int.max }
        let (sum, sumOverflow) = proportional.addingReportingOverflow(decodedBytesBase)
        return sumOverflow ? Int.max : sum
    }
}
