import ArgumentParser
import PicketConfiguration
import PicketCrypto

/// What the commands that study a guarded model's chain are told alike.
struct GuardedOptions: ParsableArguments {
    @Option(help: "The configuration file.", completion: .file(extensions: ["yaml"]))
    var config: String

    @Option(help: "A guarded model of the configuration.")
    var model: String

    @Option(help: "32 bytes in hexadecimal that random draws come from; default: the configuration's key.")
    var key: String?

    func configuration() throws -> Configuration { try Configuration.load(path: config) }

    func randomnessKey() throws -> RandomnessKey? { try key.map { try RandomnessKey(hex: $0) } }
}
