/// The extent of a tensor along each axis, outermost first; row-major (C order) everywhere.
///
/// A shape that exists is sane: no negative extent, at most ``maximumRank`` axes, and a product that fits
/// ``maximumElementCount``. Untrusted extents come in through ``init(validating:)``.
public struct Shape: Sendable, Hashable, CustomStringConvertible {
    /// More axes than any image classifier uses; a bound for untrusted shapes.
    public static let maximumRank = 16

    /// 2^40 elements: beyond any memory, far below overflow of byte counts.
    public static let maximumElementCount = 1 << 40

    /// The extents, outermost axis first. Empty for a scalar.
    public let dimensions: [Int]

    /// The product of all extents: 1 for a scalar, 0 where an extent is 0.
    public let elementCount: Int

    /// A shape from extents that the program itself computed.
    ///
    /// - Precondition: the extents are valid as ``init(validating:)`` would have them.
    public init(_ dimensions: [Int]) {
        do {
            try self.init(validating: dimensions)
        } catch {
            preconditionFailure("a shape computed by the program is valid: \(error)")
        }
    }

    /// A shape from untrusted extents.
    ///
    /// - Throws: ``ShapeFault`` for a negative extent, too many axes, or a product past the limit.
    public init(validating dimensions: [Int]) throws(ShapeFault) {
        guard dimensions.count <= Shape.maximumRank else { throw .rank(dimensions.count) }
        var product = 1
        for (axis, extent) in dimensions.enumerated() {
            guard extent >= 0 else { throw .negative(axis: axis, extent: extent) }
            // Zero extents do not excuse an overflow beside them.
            let (next, overflow) = product.multipliedReportingOverflow(by: max(extent, 1))
            guard !overflow, next <= Shape.maximumElementCount else { throw .size(dimensions) }
            product = next
        }
        self.dimensions = dimensions
        self.elementCount = dimensions.contains(0) ? 0 : product
    }

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The extent along `axis`.
    public subscript(axis: Int) -> Int { dimensions[axis] }

    /// The shape without its outermost axis: that of one row of a batch.
    ///
    /// - Precondition: the shape has an axis.
    public var row: Shape {
        precondition(!dimensions.isEmpty, "a scalar has no rows")
        return Shape(Array(dimensions.dropFirst()))
    }

    /// The same rows, `count` of them: replaces the outermost extent.
    public func withRows(_ count: Int) -> Shape {
        precondition(!dimensions.isEmpty, "a scalar has no rows")
        return Shape([count] + dimensions.dropFirst())
    }

    /// Elements between neighbours along each axis in row-major order.
    public var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * max(dimensions[axis + 1], 1)
        }
        return strides
    }

    public var description: String {
        "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
    }
}

/// Why extents make no shape.
public enum ShapeFault: Error, Hashable, CustomStringConvertible {
    /// More axes than ``Shape/maximumRank``.
    case rank(Int)
    /// An extent below zero.
    case negative(axis: Int, extent: Int)
    /// More elements than ``Shape/maximumElementCount``.
    case size([Int])

    public var description: String {
        switch self {
        case .rank(let rank): "\(rank) axes, expected at most \(Shape.maximumRank)"
        case .negative(let axis, let extent): "extent \(extent) on axis \(axis), expected 0 or more"
        case .size(let dimensions): "extents \(dimensions) multiply past \(Shape.maximumElementCount) elements"
        }
    }
}

extension Shape: ExpressibleByArrayLiteral {
    /// A shape written out in the program.
    public init(arrayLiteral dimensions: Int...) {
        self.init(dimensions)
    }
}
