import Foundation

/// The example's configuration, in a workspace of a test's own.
enum Example {
    /// A change of one text of the configuration; the text must be there.
    struct Edit: Sendable {
        let old: String
        let new: String

        init(_ old: String, _ new: String) {
            self.old = old
            self.new = new
        }

        static let monitor = Edit("mode: enforce", "mode: monitor")
        static let enforce = Edit("mode: enforce", "mode: enforce")
        static let withhold = Edit("on-flag: reject-request", "on-flag: withhold-rows")
        static func disclose(_ what: String) -> Edit { Edit("disclose: verdict", "disclose: \(what)") }

        /// Other files behind the same names: the served model becomes a member, and a member the served one.
        static let swap = [
            Edit("fashion-cnn.onnx", "fashion-SERVED.onnx"), Edit("fashion-b.onnx", "fashion-cnn.onnx"),
            Edit("fashion-SERVED.onnx", "fashion-b.onnx"),
        ]
    }

    /// Where draws come from in these tests.
    static let key = [UInt8](0..<32)
    static let keyDigits = key.map { String(format: "%02x", $0) }.joined()

    /// The example's configuration with its models and plugins found, and a key.
    static func configuration(_ edits: [Edit] = []) throws -> String {
        let file = URL(filePath: Products.example + "/picket.yaml")
        var text = try String(contentsOf: file, encoding: .utf8)
        let moves = [
            Edit("file: models/", "file: \(Products.example)/models/"),
            Edit("../../.build/release", Products.folder),
        ]
        for edit in moves + edits {
            guard text.contains(edit.old) else { throw Unusable("no \(edit.old) in the example's configuration") }
            text = text.replacing(edit.old, with: edit.new)
        }
        return text + "randomness: { key: key }\n"
    }

    /// A calibration of the example as it is, made once: its file and its detectors' states, by name.
    @OffPool private static let calibration = Result<[String: [UInt8]], any Error> {
        let space = try Workspace()
        try space.write(try configuration(), "picket.yaml")
        try space.write(key, "key")
        let done = try space.picket(
            "calibrate",
            "--config",
            "picket.yaml",
            "--model",
            "fashion",
            "--clean",
            Products.cleanCalibration
        )
        guard done.code == 0 else { throw Unusable("calibrate: \(done)") }
        let names = try FileManager.default.contentsOfDirectory(atPath: space.at("calibration"))
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try space.bytes("calibration/\($0)")) })
    }

    /// A workspace with the example's configuration, edited, and the calibration of the unedited one.
    @OffPool static func workspace(_ edits: [Edit] = [], append: String = "") throws -> Workspace {
        let space = try Workspace()
        try space.write(try configuration(edits) + append, "picket.yaml")
        try space.write(key, "key")
        for (name, bytes) in try calibration.get() { try space.write(bytes, "calibration/\(name)") }
        return space
    }
}
