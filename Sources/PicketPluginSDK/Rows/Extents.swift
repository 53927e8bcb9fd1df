/// The extents of a row or tensor, outermost axis first; each at least 1, their product in range.
public struct Extents: Sendable, Hashable, RandomAccessCollection, CustomStringConvertible {
    /// More axes than any tensor of a classifier has.
    public static let maximumRank = 16

    private let extents: [Int]

    /// The product of all extents.
    public let elementCount: Int

    /// - Throws: ``DetectorFault/invalid(_:)`` for an extent below 1, too many axes, or a product out of range.
    public init(_ extents: [Int]) throws {
        guard extents.count <= Extents.maximumRank else {
            throw DetectorFault.invalid("a tensor has \(extents.count) axes, expected \(Extents.maximumRank) at most")
        }
        var product = 1
        for extent in extents {
            guard extent >= 1 else { throw DetectorFault.invalid("an extent is \(extent), expected 1 or more") }
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            guard !overflow, next <= 1 << 40 else {
                throw DetectorFault.invalid("extents \(extents) multiply past \(1 << 40) elements")
            }
            product = next
        }
        self.extents = extents
        self.elementCount = product
    }

    /// Copies extents that the host owns. Sound because the ABI promises `rank` numbers behind the pointer.
    init(rank: UInt32, _ pointer: UnsafePointer<Int64>?) throws {
        guard rank > 0 else {
            try self.init([])
            return
        }
        guard rank <= UInt32(Extents.maximumRank), let pointer else {
            throw DetectorFault.invalid(
                "a tensor has \(rank) axes, expected \(Extents.maximumRank) at most, with extents"
            )
        }
        try self.init(UnsafeBufferPointer(start: pointer, count: Int(rank)).map { Int(clamping: $0) })
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { extents.count }
    public subscript(position: Int) -> Int { extents[position] }

    public var description: String { extents.map(String.init).joined(separator: " × ") }
}
