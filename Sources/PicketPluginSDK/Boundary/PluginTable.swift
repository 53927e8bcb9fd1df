public import CPicketABI

/// What `picket_plugin_entry` returns.
public typealias PluginEntry = UnsafePointer<picket_plugin>

/// The table of one plugin, made once and kept for the life of the process.
///
/// An entry file is this and nothing more:
///
///     private let table = PluginTable(MyDetector.self) { PluginTable.create(MyDetector.self, $0, $1, $2, $3, $4, $5) }
///
///     @c public func picket_plugin_entry() -> PluginEntry { table.entry }
///
/// The closure is there because a C function cannot carry a Swift type along: this one names it.
///
/// Proof of `Sendable`: the table behind the pointer is written once, here, before anybody sees it, and never freed.
public struct PluginTable: @unchecked Sendable {
    /// The table's `create`.
    public typealias Create =
        @convention(c) (
            UnsafePointer<picket_host>?, picket_string, UnsafePointer<picket_subject>?, picket_bytes,
            UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<picket_error>?
        ) -> picket_status

    /// The table, for the host.
    public let entry: PluginEntry

    public init<Plugin: Detector>(_ type: Plugin.Type, create: Create) {
        precondition(Plugin.name.hasPointerRepresentation, "a plugin's name is more than one character")
        precondition(Plugin.version.hasPointerRepresentation, "a plugin's version is more than one character")
        let table = UnsafeMutablePointer<picket_plugin>.allocate(capacity: 1)
        table.initialize(to: picket_plugin())
        table.pointee.magic = PICKET_ABI_MAGIC
        table.pointee.abi_major = UInt16(PICKET_ABI_MAJOR)
        table.pointee.abi_minor = UInt16(PICKET_ABI_MINOR)
        table.pointee.struct_size = UInt32(MemoryLayout<picket_plugin>.size)
        // A static string's bytes live as long as the library, which is never unloaded, and end in a zero.
        table.pointee.name = UnsafeRawPointer(Plugin.name.utf8Start).assumingMemoryBound(to: CChar.self)
        table.pointee.version = UnsafeRawPointer(Plugin.version.utf8Start).assumingMemoryBound(to: CChar.self)
        table.pointee.create = create
        table.pointee.destroy = { DetectorBox.returned($0) }
        table.pointee.plan = { PluginTable.plan($0, $1, $2) }
        table.pointee.render = { PluginTable.render($0, $1, $2, $3, $4, $5) }
        table.pointee.score = { PluginTable.score($0, $1, $2, $3, $4) }
        if type is any LearningDetector.Type {
            table.pointee.fit = { PluginTable.fit($0, $1, $2, $3) }
        }
        if type is any ReportingDetector.Type {
            table.pointee.report = { PluginTable.report($0, $1, $2, $3, $4, $5, $6) }
        }
        entry = UnsafePointer(table)
    }
}
