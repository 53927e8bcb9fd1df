import CPicketABI
import FeatureSpace
import Foundation
import InputStatistics
import PicketPluginSDK
import Reconstruction

/// The plugins' tables: their logic is linked in, and their libraries lie beside the test program.
enum Tables {
    private static let tables = (
        featureSpace: PluginTable(FeatureSpace.self) {
            PluginTable.create(FeatureSpace.self, $0, $1, $2, $3, $4, $5)
        },
        inputStatistics: PluginTable(InputStatistics.self) {
            PluginTable.create(InputStatistics.self, $0, $1, $2, $3, $4, $5)
        },
        reconstruction: PluginTable(Reconstruction.self) {
            PluginTable.create(Reconstruction.self, $0, $1, $2, $3, $4, $5)
        }
    )

    static var featureSpace: UnsafePointer<picket_plugin> { tables.featureSpace.entry }
    static var inputStatistics: UnsafePointer<picket_plugin> { tables.inputStatistics.entry }
    static var reconstruction: UnsafePointer<picket_plugin> { tables.reconstruction.entry }

    /// A plugin's shared library, opened as the daemon opens it.
    static func loaded(_ name: String) throws -> UnsafePointer<picket_plugin> {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let file = URL(fileURLWithPath: program).deletingLastPathComponent()
            .appendingPathComponent("libpicket-\(name).so")
        guard let handle = dlopen(file.path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE),
            let symbol = dlsym(handle, PICKET_ENTRY_SYMBOL)
        else {
            throw HostedFault(status: PICKET_INVALID, message: dlerror().map { String(cString: $0) } ?? "no entry")
        }
        typealias Entry = @convention(c) () -> UnsafePointer<picket_plugin>
        return unsafeBitCast(symbol, to: Entry.self)()
    }
}
