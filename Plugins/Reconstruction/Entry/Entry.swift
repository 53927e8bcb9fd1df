import Reconstruction
public import PicketPluginSDK

private let table = PluginTable(Reconstruction.self) {
    PluginTable.create(Reconstruction.self, $0, $1, $2, $3, $4, $5)
}

/// The one symbol that the host looks for.
@c(picket_plugin_entry)
public func picketPluginEntry() -> PluginEntry { table.entry }
