import Foundation

/// The executables and plugins of this build.
enum Products {
    /// The folder that the tests' own executable lies in: SwiftPM puts every product of a build there. Another one can
    /// be named by `PICKET_BIN`.
    static let folder: String = {
        if let named = ProcessInfo.processInfo.environment["PICKET_BIN"] { return named }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().path
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
