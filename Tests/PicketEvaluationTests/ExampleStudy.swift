import Foundation
import Logging
import PicketConfiguration
import PicketEvaluation
import PicketRuntime
import PicketTensor

/// The Fashion-MNIST example with other detectors, to be studied in this process with the plugins of this build.
enum ExampleStudy {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Examples/fashion-mnist")
    static let clean = folder.appending(path: "data/clean-test.npz").path
    static let attacked = folder.appending(path: "data/adversarial/fgsm-0.1-8bit.npz").path
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// The example's text with a chain of these detectors, in YAML's flow style.
    static func configuration(
        _ detectors: [String],
        edits: [(String, String)] = [],
        calibration: String = "/nowhere/fashion.json"
    ) throws -> Configuration {
        let text = try String(contentsOf: folder.appending(path: "picket.yaml"), encoding: .utf8)
        guard let start = text.range(of: "    detectors:\n"), let end = text.range(of: "\nplugins:") else {
            preconditionFailure("the example's configuration has a chain, and plugins behind it")
        }
        var edited = text[..<start.upperBound] + detectors.map { "      - \($0)\n" }.joined() + text[end.lowerBound...]
        for (old, new) in edits + [
            ("../../.build/release", plugins), ("calibration/fashion.json", calibration),
        ] {
            guard edited.contains(old) else { preconditionFailure("the example's configuration says \(old)") }
            edited = edited.replacing(old, with: new)
        }
        return try Configuration.parse(String(edited), file: "picket.yaml", directory: folder.path)
    }

    /// The example's first clean rows as detectors see them.
    static func rows(_ count: Int) throws -> Tensor {
        let bytes = try DataSet.load(path: clean, picture: nil).x.rows(0..<count)
        return Tensor(bytes.elements(of: UInt8.self).map { Float($0) / 255 }, shape: bytes.shape)
    }

    /// This build's plugins, copied to where nobody else can write: a checkout's folders may belong to another user.
    static let plugins: String = {
        let built = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let folder = FileManager.default.temporaryDirectory.appending(path: "picket-studied-\(getpid())")
        let owned: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
        do {
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false, attributes: owned)
            for file in try FileManager.default.contentsOfDirectory(atPath: built.path)
            where file.hasPrefix("libpicket-") && file.hasSuffix(".so") {
                let copy = folder.appending(path: file)
                try Data(contentsOf: built.appending(path: file)).write(to: copy)
                try FileManager.default.setAttributes(owned, ofItemAtPath: copy.path)
            }
        } catch {
            preconditionFailure("the build has plugins: \(error)")
        }
        atexit { try? FileManager.default.removeItem(atPath: ExampleStudy.plugins) }
        return folder.path
    }()
}
