/// A first configuration for a model, every key commented with its meaning and default.
///
/// The text reads back through ``Configuration/parse(_:file:directory:)-(String,_,_)`` without a fault, whatever the
/// names in it; names that no configuration can hold are refused there, not here.
public struct ConfigurationTemplate: Sendable {
    /// A detector of the first chain: its plugin, and its settings as YAML's flow style or JSON.
    public struct Detector: Sendable {
        public var plugin: String
        public var settings: String
        /// What it does, one line.
        public var remark: String

        public init(plugin: String, settings: String, remark: String) {
            self.plugin = plugin
            self.settings = settings
            self.remark = remark
        }
    }

    public var modelName: String
    public var modelFile: String
    public var layout = ImageInput.Layout.nchw
    public var range: ClosedRange<Double> = 0...1
    public var grid = ImageInput.Grid.eightBit
    public var output = ModelOutput.Kind.logits
    public var socket = "picket.sock"
    public var pluginDirectories = [PluginSettings.packagedDirectory]
    public var calibration: String
    public var detectors = Self.defaultDetectors

    /// Needs no other model: what a newcomer with a model and some pictures can run. The families that were measured best
    /// without an ensemble; they share their variants, six rows for each row.
    public static let defaultDetectors = [
        Detector(
            plugin: "transform-consistency",
            settings:
                "{ transforms: [ \(smoothing), { jpeg: 75 }, { jpeg: 90 }, { median: 2 } ], components: [ runner-up, drop ] }",
            remark:
                "Does the answer survive small changes that mean nothing to a person? (Roth, Kilcher, Hofmann, ICML 2019)"
        ),
        Detector(
            plugin: "feature-squeezing",
            settings:
                "{ squeezers: [ \(smoothing), { bit-depth: 4 }, { jpeg: 90 }, { median: 2 } ], components: [ margin ] }",
            remark: "Does the answer keep its lead when the picture is squeezed? (after Xu, Evans, Qi, NDSS 2018)"
        ),
        Detector(
            plugin: "input-statistics",
            settings: "{ components: [ excess, \"patches:mean\" ] }",
            remark: "Do the pixels look like those of clean pictures? Noise that does no harm is flagged too."
        ),
    ]

    private static let smoothing = "{ nlm: { search: 13, window: 3, strength: 10 } }"

    public init(modelName: String, modelFile: String, calibration: String) {
        self.modelName = modelName
        self.modelFile = modelFile
        self.calibration = calibration
    }

    /// A name that a configuration accepts, from that of a file: other characters become hyphens.
    public static func modelName(forFile file: String) -> String {
        let base = file.split(separator: "/").last ?? ""
        let stem = base.hasSuffix(".onnx") ? base.dropLast(5) : base
        let letters = stem.unicodeScalars.prefix(64).map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": Character(scalar)
            default: "-"
            }
        }
        return letters.isEmpty ? "model" : String(letters)
    }
}
