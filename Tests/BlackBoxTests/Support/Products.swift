import Foundation

/// The executables and plugins of this build.
enum Products {
    /// The folder that the tests' own executable lies in: SwiftPM puts every product of a build there. Another one can
    /// be named by `PICKET_BIN`.
    private static let built: String = {
        if let named = ProcessInfo.processInfo.environment["PICKET_BIN"] { return named }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().path
    }()

    /// The plugins that the project builds.
    static let detectors = [
        "ensemble-disagreement", "feature-space", "feature-squeezing", "input-statistics", "noise-stability",
        "reconstruction", "transform-consistency",
    ]

    /// Copies of the products where nobody else can write: plugins are loaded from nowhere else, and a checkout may belong
    /// to another user. Removed when the tests end.
    static let folder: String = {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "picket-products-\(getpid())").path
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
        do {
            try? files.removeItem(atPath: folder)
            try files.createDirectory(atPath: folder, withIntermediateDirectories: false, attributes: mode)
            for name in ["picket", "picketd"] + detectors.map({ "libpicket-\($0).so" }) {
                // Written anew, not copied with its owner.
                try Data(contentsOf: URL(filePath: "\(built)/\(name)")).write(to: URL(filePath: "\(folder)/\(name)"))
                try files.setAttributes(mode, ofItemAtPath: "\(folder)/\(name)")
            }
        } catch {
            preconditionFailure("the build has executables and plugins: \(error)")
        }
        atexit { try? FileManager.default.removeItem(atPath: Products.folder) }
        return folder
    }()

    static var picket: String { folder + "/picket" }
    static var picketd: String { folder + "/picketd" }

    /// The top of the sources.
    static let root: String = {
        var folder = URL(filePath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        return folder.path
    }()

    static var example: String { root + "/Examples/fashion-mnist" }
    static var cases: String { root + "/Tests/Cases" }

    static func adversarial(_ name: String) -> String { example + "/data/adversarial/\(name).npz" }
    static var cleanCalibration: String { example + "/data/clean-calibration.npz" }
    static var cleanTest: String { example + "/data/clean-test.npz" }
}
