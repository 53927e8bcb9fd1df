import CPicketABI
import EnsembleDisagreement
import FeatureSqueezing
import Foundation
import NoiseStability
import PicketPluginSDK
import TransformConsistency

/// Where tests find plugins: linked in, or as the shared libraries of this build.
enum PluginLibrary {
    static let names = ["feature-squeezing", "transform-consistency", "ensemble-disagreement", "noise-stability"]

    private static let linked: [String: PluginTable] = [
        "feature-squeezing": PluginTable(FeatureSqueezing.self) {
            PluginTable.create(FeatureSqueezing.self, $0, $1, $2, $3, $4, $5)
        },
        "transform-consistency": PluginTable(TransformConsistency.self) {
            PluginTable.create(TransformConsistency.self, $0, $1, $2, $3, $4, $5)
        },
        "ensemble-disagreement": PluginTable(EnsembleDisagreement.self) {
            PluginTable.create(EnsembleDisagreement.self, $0, $1, $2, $3, $4, $5)
        },
        "noise-stability": PluginTable(NoiseStability.self) {
            PluginTable.create(NoiseStability.self, $0, $1, $2, $3, $4, $5)
        },
    ]

    /// The plugin's logic, as it is linked into the tests.
    static func linked(_ name: String) throws -> UnsafePointer<picket_plugin> {
        guard let table = linked[name] else { throw HostedFault(status: PICKET_INVALID, message: "no plugin \(name)") }
        return table.entry
    }

    /// The plugin's shared library, which lies beside the test program, opened as the daemon opens it.
    static func loaded(_ name: String) throws -> UnsafePointer<picket_plugin> {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(fileURLWithPath: program).deletingLastPathComponent()
        return try loaded(folder.appendingPathComponent("libpicket-\(name).so"))
    }

    static func loaded(_ file: URL) throws -> UnsafePointer<picket_plugin> {
        guard let handle = dlopen(file.path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE),
            let symbol = dlsym(handle, PICKET_ENTRY_SYMBOL)
        else {
            throw HostedFault(status: PICKET_INVALID, message: dlerror().map { String(cString: $0) } ?? "no entry")
        }
        typealias Entry = @convention(c) () -> UnsafePointer<picket_plugin>
        return unsafeBitCast(symbol, to: Entry.self)()
    }
}
