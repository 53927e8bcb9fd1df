package import PicketConfiguration
public import PicketTensor

/// The three forms of a model's rows: as clients send them, as detectors see them, as the model takes them.
///
/// Detectors see a picture as float32, planar C × H × W, 0…1, on its 8-bit grid where the configuration has one; a
/// tensor as it is. Layout, range, mean and standard deviation stay on this side of the chain.
public struct RowForm: Sendable {
    enum Content: Sendable {
        case tensor
        case image(ImageForm)
    }

    /// What a picture's numbers mean.
    struct ImageForm: Sendable {
        var channels: Int
        var height: Int
        var width: Int
        var channelsLast: Bool
        /// Levels of the grid less one: 255, or nil where pixels are any number.
        var grid: Float?
        /// Per channel.
        var served: [ValueScale]
        /// Per channel.
        var wanted: [ValueScale]
    }

    let content: Content

    /// One row as clients send it, without the batch axis.
    public let servedShape: Shape

    /// One row as detectors see it.
    public let canonicalShape: Shape

    /// The element type of the model's input: float32, or uint8 for a picture.
    public let elementType: ElementType

    /// Numbers a little outside the range (of rounding on the sender's side) are taken for its end; in units of the range.
    static let tolerance: Float = 1e-3

    /// - Parameters:
    ///   - servedShape: the model's own input without the batch axis.
    /// - Throws: ``RowFormFault`` where the model's input is not what the configuration says.
    package init(_ input: ModelInput, servedShape: Shape, elementType: ElementType) throws(RowFormFault) {
        self.servedShape = servedShape
        self.elementType = elementType
        switch input {
        case .tensor:
            guard elementType == .float32 else {
                throw RowFormFault(found: "an input of \(elementType)", expected: "float32 for kind: tensor")
            }
            content = .tensor
            canonicalShape = servedShape
        case .image(let image):
            guard elementType == .float32 || elementType == .uint8 else {
                throw RowFormFault(found: "an input of \(elementType)", expected: "float32 or uint8 for kind: image")
            }
            let channelsLast = image.layout == .nhwc
            guard servedShape.rank == 3 else {
                let layout = channelsLast ? "[N, H, W, C]" : "[N, C, H, W]"
                throw RowFormFault(found: "an input with rows of \(servedShape)", expected: "\(layout) for kind: image")
            }
            let form = ImageForm(
                channels: servedShape[channelsLast ? 2 : 0],
                height: servedShape[channelsLast ? 0 : 1],
                width: servedShape[channelsLast ? 1 : 2],
                channelsLast: channelsLast,
                grid: image.grid == .eightBit ? 255 : nil,
                served: [],
                wanted: []
            )
            for (name, values) in [("mean", image.mean), ("std", image.standardDeviation)]
            where values.count > 1 && values.count != form.channels {
                throw RowFormFault(
                    found: "\(name) of \(values.count) numbers",
                    expected: "one, or \(form.channels) as the model has channels"
                )
            }
            if elementType == .uint8, image.range != 0...255 || !image.mean.isEmpty || !image.standardDeviation.isEmpty
            {
                throw RowFormFault(
                    found: "an input of uint8 with another range, mean or std",
                    expected: "range: [0, 255] alone"
                )
            }
            var complete = form
            complete.served = ValueScale.served(image, channels: form.channels)
            complete.wanted = ValueScale.normalised(image, channels: form.channels)
            content = .image(complete)
            canonicalShape = [form.channels, form.height, form.width]
        }
    }

    /// Whether a picture is behind the numbers.
    public var isImage: Bool {
        if case .image = content { true } else { false }
    }

    /// Whether the channels of a pixel lie beside each other as clients send them.
    public var isChannelsLast: Bool {
        if case .image(let form) = content { form.channelsLast } else { false }
    }

    /// Levels of the grid less one (255), or 0 where there is no grid.
    var gridLevels: Int {
        if case .image(let form) = content, let grid = form.grid { Int(grid) } else { 0 }
    }
}

/// A model's input that is not what the configuration says of it.
package struct RowFormFault: Error, Hashable {
    package var found: String
    package var expected: String
}
