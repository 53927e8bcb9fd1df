/// Why a plugin was not loaded, or a detector not made.
public enum PluginFault: Error, Hashable, CustomStringConvertible {
    /// The name of the configuration can be no plugin's.
    case name(String)
    /// No directory of the list holds the library.
    case missing(plugin: String, directories: [String])
    /// The file or one of the folders above it could be written by others, or is not what it should be.
    case unsafe(path: String, reason: String)
    /// The dynamic linker refused the library.
    case unloadable(path: String, reason: String)
    /// The library's table does not fit this host.
    case incompatible(path: String, reason: String)
    /// The plugin refused a call; the message is its own, repaired and bounded.
    case refused(detector: String, call: String, message: String)

    public var description: String {
        switch self {
        case .name(let name):
            "plugin name \(name.quoted): expected a lower-case letter, then up to 63 lower-case letters, digits or '-'"
        case .missing(let plugin, let directories):
            "plugin \(plugin.quoted): no libpicket-\(plugin).so in \(directories.joined(separator: ", "))"
        case .unsafe(let path, let reason): "plugin library \(path) is not safe to load: \(reason)"
        case .unloadable(let path, let reason): "plugin library \(path) does not load: \(reason)"
        case .incompatible(let path, let reason): "plugin library \(path) does not fit this host: \(reason)"
        case .refused(let detector, let call, let message): "detector \(detector.quoted), \(call): \(message)"
        }
    }
}
