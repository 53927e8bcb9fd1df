import Foundation
import PicketConfiguration
import PicketInference
import PicketTensor

/// `picket init`: a first configuration for a model, guessed from the model and from clean samples.
public struct FirstConfiguration {
    private let model: String
    private let clean: String?
    private let folder: String
    private let plugins: String?

    /// - Parameters:
    ///   - model: an ONNX file.
    ///   - clean: samples to take the pixels' range from; nil: 0 to 1.
    ///   - folder: of the configuration file.
    ///   - plugins: where plugins are loaded from; nil: the packaged folder.
    public init(model: String, clean: String?, folder: String, plugins: String?) {
        self.model = model
        self.clean = clean
        self.folder = folder
        self.plugins = plugins
    }

    /// The file's text.
    ///
    /// - Throws: what keeps the model or the samples from being read, or ``DataSetFault`` where the model is no
    ///   classifier of pictures.
    public func text() throws -> String {
        let imported = try PicketInference.Model(path: model)
        guard imported.inputs.count == 1, let input = imported.inputs.first, let output = imported.outputs.first else {
            throw DataSetFault("\(model): \(imported.inputs.count) inputs, expected one input and an output")
        }
        let format = try pictureFormat(input)
        let name = ConfigurationTemplate.modelName(forFile: model)
        var template = ConfigurationTemplate(
            modelName: name,
            modelFile: relative(model),
            calibration: "\(name).calibration.json"
        )
        template.layout = format.channelsLast ? .nhwc : .nchw
        template.output = FirstConfiguration.outputKind(imported, output)
        if let plugins { template.pluginDirectories = [relative(plugins)] }
        if input.fact.elementType == .uint8 { template.range = 0...255 }
        if let clean {
            let pixels = try Pixels(DataSet.load(path: clean, picture: format).x, path: clean)
            template.range = pixels.range
            template.grid = pixels.isOnGrid ? .eightBit : .none
        }
        return template.text
    }

    private func pictureFormat(_ port: PicketInference.Model.Port) throws -> PictureFormat {
        let extents = port.fact.dimensions?.dropFirst().compactMap(\.extent) ?? []
        let channels = [1, 3]
        if extents.count == 3, channels.contains(extents[0]) {
            return PictureFormat(channels: extents[0], height: extents[1], width: extents[2], channelsLast: false)
        }
        if extents.count == 3, channels.contains(extents[2]) {
            return PictureFormat(channels: extents[2], height: extents[0], width: extents[1], channelsLast: true)
        }
        throw DataSetFault(
            "\(model): input \(port.name) of \(port.fact), expected pictures [N, C, H, W] or [N, H, W, C] with 1 or 3 "
                + "channels; write the configuration by hand for other models"
        )
    }

    /// Probabilities where the model ends in a softmax.
    private static func outputKind(
        _ model: PicketInference.Model,
        _ output: PicketInference.Model.Port
    ) -> ModelOutput.Kind {
        guard let id = model.graph.value(named: output.name), let producer = model.graph.producers[id] else {
            return .logits
        }
        return ["Softmax", "Sigmoid"].contains(model.graph.nodes[producer].operatorName) ? .probabilities : .logits
    }

    /// The path from the configuration's folder where that is above the file, else the absolute one.
    private func relative(_ path: String) -> String {
        let base = URL(filePath: folder).standardizedFileURL.path
        let full = URL(filePath: path).standardizedFileURL.path
        let prefix = base.hasSuffix("/") ? base : base + "/"
        return full.hasPrefix(prefix) ? String(full.dropFirst(prefix.count)) : full
    }
}

/// What samples tell of their pixels.
struct Pixels {
    var range: ClosedRange<Double>
    var isOnGrid: Bool

    /// - Throws: ``DataSetFault`` where the numbers lie in no range that pixels usually have.
    init(_ samples: Tensor, path: String) throws(DataSetFault) {
        if samples.elementType == .uint8 {
            range = 0...1
            isOnGrid = true
            return
        }
        let (low, high) = samples.withUnsafeElements(of: Float.self) { numbers in
            numbers.reduce((Float.infinity, -Float.infinity)) { (min($0.0, $1), max($0.1, $1)) }
        }
        let usual: [ClosedRange<Double>] = [0...1, -1...1, 0...255]
        guard let found = usual.first(where: { $0.contains(Double(low)) && $0.contains(Double(high)) }) else {
            throw DataSetFault(
                "\(path): numbers from \(low) to \(high), expected pixels in 0…1, -1…1 or 0…255; write range, mean and std "
                    + "by hand for normalised samples"
            )
        }
        range = found
        let span = Float(found.upperBound - found.lowerBound)
        let lower = Float(found.lowerBound)
        isOnGrid = samples.withUnsafeElements(of: Float.self) { numbers in
            numbers.allSatisfy { number in
                let level = (number - lower) / span * 255
                return abs(level - level.rounded()) < 1e-3
            }
        }
    }
}
