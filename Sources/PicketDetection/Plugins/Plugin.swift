internal import CPicketABI
internal import Glibc

/// A loaded plugin: a shared library whose table was found sound. It is never unloaded.
///
/// Proof of `@unchecked Sendable`: the table is constant for the life of the process, as the ABI demands, and the
/// functions in it are called under the ABI's thread rules by ``Detector``.
public final class Plugin: @unchecked Sendable {
    /// The name in the configuration.
    public let name: String
    /// The version that the plugin gives itself.
    public let version: String
    /// The library's real path.
    public let path: String

    /// A copy of the plugin's table, in which members that a lower minor version lacks are NULL.
    let table: picket_plugin

    /// Whether detectors of this plugin learn from clean rows.
    public var learns: Bool { table.fit != nil }

    /// Loads `libpicket-NAME.so` from the first of the directories that holds it.
    ///
    /// The same file loaded twice is one library; a file replaced on disk is seen by the next process.
    public init(named name: String, in directories: [String]) throws(PluginFault) {
        let path = try PluginPath.find(name, in: directories)
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            throw .unloadable(path: path, reason: Plugin.linkerMessage())
        }
        guard let symbol = dlsym(library, PICKET_ENTRY_SYMBOL) else {
            throw .incompatible(path: path, reason: "it exports no \(PICKET_ENTRY_SYMBOL)")
        }
        // The header gives the one exported symbol this type; a library that lies about it can't be guarded against.
        typealias Entry = @convention(c) () -> UnsafePointer<picket_plugin>?
        let entry = unsafeBitCast(symbol, to: Entry.self)
        guard let table = entry() else { throw .incompatible(path: path, reason: "its entry returns no table") }
        if let reason = PluginTable.flaw(of: table, name: name) { throw .incompatible(path: path, reason: reason) }
        let copy = PluginTable.copy(of: table)
        guard let version = ForeignText.constant(copy.version, limit: PluginTable.textByteLimit) else {
            throw .incompatible(path: path, reason: "its version is not 1 to 64 printable ASCII characters")
        }
        self.name = name
        self.version = version
        self.path = path
        self.table = copy
    }

    private static func linkerMessage() -> String {
        guard let message = dlerror() else { return "the linker gave no reason" }
        return ForeignText.repaired(UnsafeRawBufferPointer(start: message, count: strlen(message)))
    }
}

/// The rules that a plugin's table must keep.
enum PluginTable {
    static let textByteLimit = 64

    /// PICKET_ABI_MAGIC, whose macro Swift does not import.
    static let magic: UInt64 = 0x5049_434b_4554_4454

    /// Bytes of a table of minor 0, which ends before `report`.
    static let leastByteCount = MemoryLayout<picket_plugin>.offset(of: \.report) ?? MemoryLayout<picket_plugin>.size

    /// What this host knows of a table whose size was found sound; what lies behind a shorter table is not touched.
    static func copy(of table: UnsafePointer<picket_plugin>) -> picket_plugin {
        var copy = picket_plugin()
        withUnsafeMutableBytes(of: &copy) { bytes in
            let count = min(bytes.count, Int(table.pointee.struct_size))
            bytes.copyMemory(from: UnsafeRawBufferPointer(start: table, count: count))
        }
        return copy
    }

    /// What is wrong with the table, in the order in which its members may be looked at.
    static func flaw(of table: UnsafePointer<picket_plugin>, name: String) -> String? {
        guard UInt(bitPattern: table).isMultiple(of: UInt(MemoryLayout<picket_plugin>.alignment)) else {
            return "its table is not aligned"
        }
        // Until magic, version and size are known to be right, no later member may be read.
        guard table.pointee.magic == magic else { return "its table does not begin with the magic number" }
        guard table.pointee.abi_major == PICKET_ABI_MAJOR else {
            return "it was built for ABI version \(table.pointee.abi_major), expected \(PICKET_ABI_MAJOR)"
        }
        guard table.pointee.struct_size >= leastByteCount else {
            return "its table has \(table.pointee.struct_size) bytes, expected \(leastByteCount) or more"
        }
        guard let own = ForeignText.constant(table.pointee.name, limit: textByteLimit) else {
            return "its name is not 1 to 64 printable ASCII characters"
        }
        guard own == name else { return "it calls itself \(own.quoted), expected \(name.quoted)" }
        let required: [(String, Bool)] = [
            ("create", table.pointee.create != nil), ("destroy", table.pointee.destroy != nil),
            ("plan", table.pointee.plan != nil), ("score", table.pointee.score != nil),
        ]
        if let missing = required.first(where: { !$0.1 }) { return "its table has no \(missing.0)" }
        guard table.pointee.observe == nil else {
            return "it wants to observe rows, which is not supported in this version"
        }
        return nil
    }
}
