/// What clients send to a model, and what a picture is behind it.
public enum ModelInput: Hashable, Sendable {
    case image(ImageInput)
    /// No picture: only detectors that need none.
    case tensor
}

/// A picture as clients send it.
public struct ImageInput: Hashable, Sendable {
    public enum Layout: String, CaseIterable, Hashable, Sendable {
        case nchw = "NCHW"
        case nhwc = "NHWC"
    }

    /// What values a pixel can have.
    public enum Grid: String, CaseIterable, Hashable, Sendable {
        /// Any number in the range.
        case none
        /// 256 equally spaced ones: rows are snapped before model, detectors, calibrate and evaluate see them.
        case eightBit = "8bit"
    }

    /// Who subtracts the mean and divides by the standard deviation.
    public enum Sent: String, CaseIterable, Hashable, Sendable {
        /// Clients send pixels in the range, Picket normalises.
        case pixels
        /// Clients send normalised values, Picket undoes it for its transforms.
        case normalised
    }

    /// Default: NCHW.
    public var layout: Layout
    /// Smallest and largest value of a pixel, both finite, the first less than the second.
    public var range: ClosedRange<Double>
    /// Default: none.
    public var grid: Grid
    /// What the model wants subtracted, per channel or one for all, in units of `range`. Empty: nothing.
    public var mean: [Double]
    /// What the model wants divided by, positive, per channel or one for all, in units of `range`. Empty: nothing.
    public var standardDeviation: [Double]
    /// Default: pixels.
    public var sent: Sent

    public init(
        layout: Layout = .nchw,
        range: ClosedRange<Double>,
        grid: Grid = .none,
        mean: [Double] = [],
        standardDeviation: [Double] = [],
        sent: Sent = .pixels
    ) {
        self.layout = layout
        self.range = range
        self.grid = grid
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.sent = sent
    }
}

extension ModelInput {
    private enum Kind: String, CaseIterable {
        case image, tensor
    }

    private static let imageKeys = ["layout", "range", "grid", "mean", "std", "sent"]

    init?(_ field: Field) {
        guard let section = Section(field, keys: ["kind"] + Self.imageKeys) else { return nil }
        guard let kind = section.required("kind", "image or tensor")?.keyword(Kind.self) else { return nil }
        switch kind {
        case .image:
            guard let image = ImageInput(section) else { return nil }
            self = .image(image)
        case .tensor:
            let extra = Self.imageKeys.compactMap { section[$0] }
            extra.forEach { $0.refuse("no such key beside kind: tensor") }
            guard extra.isEmpty else { return nil }
            self = .tensor
        }
    }
}

extension ImageInput {
    /// Most channels that a mean or a standard deviation can be given for.
    private static let channelLimit = 4096

    init?(_ section: Section) {
        let layout = section["layout"].map { $0.keyword(Layout.self) } ?? .nchw
        let range = section.required("range", "[smallest, largest] value of a pixel").flatMap(Self.range)
        let grid = section["grid"].map { $0.keyword(Grid.self) } ?? Grid.none
        let mean = section["mean"].map { Self.perChannel($0, "a finite number") { $0.isFinite } } ?? []
        let deviation = section["std"].map { Self.perChannel($0, "a positive number") { $0 > 0 } } ?? []
        let sent = section["sent"].map { $0.keyword(Sent.self) } ?? .pixels
        guard let layout, let range, let grid, let mean, let deviation, let sent else { return nil }
        if let field = section["std"], mean.count > 1, deviation.count > 1, mean.count != deviation.count {
            field.refuse("as many numbers as mean has, \(mean.count)")
            return nil
        }
        if let field = section["sent"], sent == .normalised, mean.isEmpty, deviation.isEmpty {
            field.refuse("mean or std beside sent: normalised")
            return nil
        }
        self.init(
            layout: layout,
            range: range,
            grid: grid,
            mean: mean,
            standardDeviation: deviation,
            sent: sent
        )
    }

    private static func range(_ field: Field) -> ClosedRange<Double>? {
        let expected = "two numbers, the smaller first, such as [0, 1]"
        guard let fields = field.elements(expected) else { return nil }
        let bounds = fields.compactMap { $0.number("a finite number") { $0.isFinite } }
        guard bounds.count == fields.count else { return nil }
        guard bounds.count == 2, bounds[0] < bounds[1], (bounds[1] - bounds[0]).isFinite else {
            field.refuse(expected)
            return nil
        }
        return bounds[0]...bounds[1]
    }

    private static func perChannel(_ field: Field, _ each: String, where accepts: (Double) -> Bool) -> [Double]? {
        let expected = "a list of 1 to \(channelLimit) numbers, one per channel or one for all"
        guard let fields = field.elements(expected) else { return nil }
        guard (1...channelLimit).contains(fields.count) else {
            field.refuse(expected)
            return nil
        }
        let numbers = fields.compactMap { $0.number(each, where: accepts) }
        return numbers.count == fields.count ? numbers : nil
    }
}
