import PicketConfiguration
import PicketRuntime

/// What Picket's own detectors offer for a model, to choose from.
struct BuiltinPool {
    let detectors: [PicketConfiguration.Detector]

    /// - Parameters:
    ///   - model: the guarded model's name.
    ///   - form: its rows.
    init(_ configuration: Configuration, model: String, form: RowForm) {
        let location = configuration.chain(forModel: model)?.location ?? SourceLocation(line: 1, column: 1, key: "")
        let members = configuration.models
            .filter { $0.name != model && $0.output?.kind != .tensor }
            .map { SettingsValue.string($0.name) }
        var pool: [(plugin: String, settings: String)] = []
        if form.isImage {
            pool += [
                ("feature-squeezing", #"{"squeezers":\#(Self.squeezers),"components":["l1","margin"]}"#),
                (
                    "transform-consistency",
                    #"{"transforms":\#(Self.transforms),"components":["margin","runner-up","js"]}"#
                ),
                ("noise-stability", #"{"deviation":0.05,"samples":4}"#),
                ("input-statistics", "{}"),
            ]
        }
        pool.append(("feature-space", "{}"))
        if !members.isEmpty {
            let squeezers = form.isImage ? #","squeezers":\#(Self.memberSqueezers)"# : ""
            pool.append(
                ("ensemble-disagreement", #"{"members":\#(SettingsValue.array(members).text)\#(squeezers)}"#)
            )
        }
        detectors = pool.map { plugin, settings in
            PicketConfiguration.Detector(
                plugin: plugin,
                name: plugin,
                configuration: SettingsValue(text: settings)?.text ?? "{}",
                location: location,
                configurationLocation: location
            )
        }
    }

    private static let squeezers = #"[{"bit-depth":3},{"bit-depth":5},{"median":3}]"#
    private static let transforms =
        #"[{"nlm":{"search":11,"window":3,"strength":4}},{"nlm":{"search":11,"window":3,"strength":10}},{"bit-depth":4},"#
        + #"{"jpeg":90},{"jpeg":75},{"median":2},{"blur":0.6},{"shift":1},{"rotate":5},{"resize-pad":2},"#
        + #"{"wavelet":"estimated"},{"tv":0.05}]"#
    private static let memberSqueezers = #"[{"median":2},{"nlm":{"search":11,"window":3,"strength":4}},{"jpeg":90}]"#
}
