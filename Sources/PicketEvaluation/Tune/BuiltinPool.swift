package import PicketConfiguration
package import PicketRuntime

/// What Picket's own detectors offer for a model, to choose from.
package struct BuiltinPool {
    package let detectors: [PicketConfiguration.Detector]

    /// - Parameters:
    ///   - model: the guarded model's name.
    ///   - form: its rows.
    package init(_ configuration: Configuration, model: String, form: RowForm) {
        let location = configuration.chain(forModel: model)?.location ?? SourceLocation(line: 1, column: 1, key: "")
        let members = configuration.models
            .filter { $0.name != model && $0.output?.kind != .tensor }
            .map { SettingsValue.string($0.name) }
        var pool: [(plugin: String, name: String?, settings: String)] = []
        if form.isImage {
            pool += [
                ("feature-squeezing", nil, #"{"squeezers":\#(Self.squeezers),"components":["l1","margin"]}"#),
                (
                    "transform-consistency",
                    nil,
                    #"{"transforms":\#(Self.transforms),"components":["margin","runner-up","js"]}"#
                ),
                ("noise-stability", nil, #"{"deviation":0.05,"samples":4}"#),
                ("input-statistics", nil, "{}"),
            ]
        }
        pool.append(("feature-space", nil, "{}"))
        if !members.isEmpty {
            pool += Self.ensembles(SettingsValue.array(members).text, isImage: form.isImage)
        }
        detectors = pool.map { plugin, name, settings in
            PicketConfiguration.Detector(
                plugin: plugin,
                name: name ?? plugin,
                configuration: SettingsValue(text: settings)?.text ?? "{}",
                location: location,
                configurationLocation: location
            )
        }
    }

    /// Components with a place are chosen one by one. The reference distances are of all squeezers together, so that fewer
    /// of these are another detector.
    private static func ensembles(
        _ members: String,
        isImage: Bool
    ) -> [(plugin: String, name: String?, settings: String)] {
        let ensemble = "ensemble-disagreement"
        let squeezers = isImage ? #","squeezers":\#(memberSqueezers)"# : ""
        let healed = isImage ? #","cross""# : ""
        var pool: [(plugin: String, name: String?, settings: String)] = [
            (ensemble, nil, #"{"members":\#(members)\#(squeezers),"components":["js","margin"\#(healed)]}"#),
            (ensemble, "reference", #"{"members":\#(members),"components":["reference"]}"#),
        ]
        if isImage {
            pool.append(
                (
                    ensemble, "reference-squeezed",
                    #"{"members":\#(members)\#(squeezers),"components":["reference"]}"#
                )
            )
        }
        return pool
    }

    private static let squeezers = #"[{"bit-depth":3},{"bit-depth":5},{"median":3}]"#
    private static let transforms =
        #"[{"nlm":{"search":11,"window":3,"strength":4}},{"nlm":{"search":11,"window":3,"strength":10}},{"bit-depth":4},"#
        + #"{"jpeg":90},{"jpeg":75},{"median":2},{"blur":0.6},{"shift":1},{"rotate":5},{"resize-pad":2},"#
        + #"{"wavelet":"estimated"},{"tv":0.05}]"#
    private static let memberSqueezers = #"[{"median":2},{"nlm":{"search":11,"window":3,"strength":4}},{"jpeg":90}]"#
}
