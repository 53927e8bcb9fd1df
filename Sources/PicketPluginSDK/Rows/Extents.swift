import CPicketABI

/// The extents of a row or tensor, outermost axis first; each at least 1, their product in range.
public struct Extents: Sendable, Hashable, RandomAccessCollection, CustomStringConvertible {
    /// More axes than any tensor of a classifier has.
    public static let maximumRank = 16

    /// In place, 1 after the last axis: hosts' calls make some of these, and none shall allocate.
    private var extents = InlineArray<16, Int>(repeating: 1)

    /// How many there are.
    public let count: Int

    /// The product of all extents.
    public let elementCount: Int

    /// - Throws: ``DetectorFault/invalid(_:)`` for an extent below 1, too many axes, or a product out of range.
    public init(_ extents: [Int]) throws {
        guard extents.count <= Extents.maximumRank else {
            throw DetectorFault.invalid("a tensor has \(extents.count) axes, expected \(Extents.maximumRank) at most")
        }
        elementCount = try Extents.product(of: extents)
        count = extents.count
        for (axis, extent) in extents.enumerated() { self.extents[axis] = extent }
    }

    /// Copies extents that the host owns. Sound because the ABI promises `rank` numbers behind the pointer.
    init(rank: UInt32, _ pointer: UnsafePointer<Int64>?) throws {
        let elementCount = try Extents.elementCount(rank: rank, pointer)
        self.init(rank: rank, pointer, elementCount: elementCount)
    }

    /// The same, where ``elementCount(rank:_:)`` has looked at them.
    init(rank: UInt32, _ pointer: UnsafePointer<Int64>?, elementCount: Int) {
        self.elementCount = elementCount
        count = Int(rank)
        guard let pointer else { return }
        for axis in 0..<count { extents[axis] = Int(clamping: pointer[axis]) }
    }

    /// The product of extents that the host owns, which are looked at as ``init(rank:_:)`` does. Sound for the same reason.
    static func elementCount(rank: UInt32, _ pointer: UnsafePointer<Int64>?) throws -> Int {
        guard rank > 0 else { return 1 }
        guard rank <= UInt32(Extents.maximumRank), let pointer else {
            throw DetectorFault.invalid(
                "a tensor has \(rank) axes, expected \(Extents.maximumRank) at most, with extents"
            )
        }
        return try product(of: UnsafeBufferPointer(start: pointer, count: Int(rank)))
    }

    private static func product(of extents: some RandomAccessCollection<some FixedWidthInteger>) throws -> Int {
        var product = 1
        for extent in extents {
            guard extent >= 1 else { throw DetectorFault.invalid("an extent is \(extent), expected 1 or more") }
            let (next, overflow) = product.multipliedReportingOverflow(by: Int(clamping: extent))
            guard !overflow, next <= 1 << 40 else {
                throw DetectorFault.invalid("extents \(Array(extents)) multiply past \(1 << 40) elements")
            }
            product = next
        }
        return product
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(position: Int) -> Int {
        precondition(position >= 0 && position < count, "an axis lies below the rank")
        return extents[position]
    }

    public static func == (left: Extents, right: Extents) -> Bool { left.elementsEqual(right) }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for extent in self { hasher.combine(extent) }
    }

    public var description: String { map(String.init).joined(separator: " × ") }
}
