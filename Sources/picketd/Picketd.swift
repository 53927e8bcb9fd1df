import ArgumentParser
import Foundation
import Logging
import PicketConfiguration
import PicketServer

@main
struct Picketd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "picketd",
        abstract: "The forward guard of a classifier: checks every request with a calibrated chain of detectors.",
        version: "0.1.0"
    )

    @Option(help: "The configuration file.", completion: .file(extensions: ["yaml"]))
    var config: String

    @Flag(help: "Check configuration, models, plugins and calibrations, and exit: 0, or 78 with a line a fault.")
    var check = false

    @Option(help: "Listen on this Unix socket instead of the configuration's listeners.", completion: .file())
    var socket: String?

    @Option(help: "Load plugins from this folder instead of the configuration's.", completion: .directory)
    var plugins: String?

    @Option(help: "Append events to this file instead of the configuration's.", completion: .file())
    var events: String?

    func run() async throws {
        // A peer that goes away is an error of its connection, never a signal to the daemon.
        signal(SIGPIPE, SIG_IGN)
        do {
            var configuration = try Configuration.load(path: config)
            override(&configuration)
            let level = Logger.Level(rawValue: configuration.logLevel.rawValue) ?? .info
            var logger = Logger(label: "picketd") { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = level
            let daemon = try Daemon(configuration, logger: logger)
            try await check ? daemon.check() : daemon.run()
        } catch let faults as ConfigurationFaults {
            throw fail("\(faults)", EX_CONFIG)
        } catch let fault as NotSound {
            throw fail("\(config): \(fault)", EX_CONFIG)
        } catch let fault as ListenFault {
            throw fail("\(fault)", EX_UNAVAILABLE)
        } catch let fault as ReadinessService.NeverReady {
            throw fail("\(fault)", EX_SOFTWARE)
        }
    }

    private func override(_ configuration: inout Configuration) {
        if let path = path(socket, "--socket") {
            configuration.listen = [
                Listener(endpoint: .unix(path, permissions: 0o660), allow: PeerAllowance(), location: path.location)
            ]
        }
        if let path = path(events, "--events") { configuration.events.file = path }
        if let path = path(plugins, "--plugins") { configuration.plugins.directories = [path] }
    }

    private func path(_ argument: String?, _ option: String) -> ConfiguredPath? {
        argument.map {
            ConfiguredPath(
                written: $0,
                resolved: absolute($0),
                location: SourceLocation(line: 1, column: 1, key: option)
            )
        }
    }

    private func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
        defer { free(current) }
        return String(cString: current) + "/" + path
    }

    private func fail(_ message: String, _ code: Int32) -> ExitCode {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        return ExitCode(code)
    }
}
