import Glibc
public import PicketTensor

/// Samples to calibrate or evaluate on, in memory.
public struct DataSet: Sendable {
    /// The samples, first axis = sample, in the model's served input layout: float32 in its range, or uint8 whose 0…255
    /// stand for that range.
    public var x: Tensor

    /// The true class of each sample.
    public var y: [Int64]?

    /// The clean sample behind each attacked one, of `x`'s shape and type.
    public var x0: Tensor?

    /// Samples with one number belong together (frames of a video): a split never cuts them apart.
    public var group: [Int64]?

    /// Samples.
    public var count: Int { x.rowCount }

    /// - Throws: ``DataSetFault`` where the parts do not go together.
    public init(x: Tensor, y: [Int64]? = nil, x0: Tensor? = nil, group: [Int64]? = nil) throws(DataSetFault) {
        guard x.shape.rank >= 2 else {
            throw DataSetFault("x has shape \(x.shape), expected samples along the first of two or more axes")
        }
        guard x.rowCount > 0 else { throw DataSetFault("x has no samples, expected one at least") }
        guard x.elementType == .float32 || x.elementType == .uint8 else {
            throw DataSetFault("x has type \(x.elementType), expected float32 or uint8")
        }
        for (name, numbers) in [("y", y), ("group", group)] {
            guard numbers == nil || numbers?.count == x.rowCount else {
                throw DataSetFault(
                    "\(name) has \(numbers?.count ?? 0) numbers, expected \(x.rowCount) as x has samples"
                )
            }
        }
        guard x0 == nil || (x0?.shape == x.shape && x0?.elementType == x.elementType) else {
            throw DataSetFault("x0 differs from x in shape or type, expected \(x.elementType) \(x.shape)")
        }
        self.x = x
        self.y = y
        self.x0 = x0
        self.group = group
    }

    /// A data set from an `.npz` file, or from a folder of pictures.
    ///
    /// - Parameters:
    ///   - path: of a file whose name ends in `.npz`, or of a folder.
    ///   - picture: the pictures that the model takes; needed for a folder.
    public static func load(path: String, picture: PictureFormat?) throws(DataSetFault) -> DataSet {
        guard access(path, F_OK) == 0 else {
            throw DataSetFault("\(path): \(String(cString: strerror(errno)))", isMissing: true)
        }
        if path.hasSuffix(".npz") { return try DataSet(npz: path) }
        guard let picture else {
            throw DataSetFault("\(path): a folder of pictures needs a model of `kind: image`; expected an .npz file")
        }
        guard picture.channels == 1 || picture.channels == 3 else {
            throw DataSetFault(
                "\(path): the model takes \(picture.channels) channels, expected 1 or 3 for picture files"
            )
        }
        return try DataSet(folder: path, picture: picture)
    }
}

/// Why a file or folder is no data set.
public struct DataSetFault: Error, Sendable, CustomStringConvertible {
    /// What was found where, and what was expected.
    public let description: String

    /// Whether it is not there at all.
    public let isMissing: Bool

    public init(_ description: String, isMissing: Bool = false) {
        self.description = description
        self.isMissing = isMissing
    }
}
