import Glibc
import PicketConfiguration
import PicketEvents
import PicketRuntime

extension Daemon {
    /// Loads everything, lets each calibration's golden row through, and lets go again.
    ///
    /// - Throws: ``ConfigurationFaults``, or ``NotSound`` where a golden row comes out wrong.
    public func check() async throws {
        try checkEventsFile()
        try checkListeners()
        let events = EventQueue(sinks: [])
        let runtime = try await soundRuntime(events)
        await runtime.close()
        await events.close()
    }

    /// Nothing is made: a check by root must not leave a file that the daemon's user can't write.
    private func checkEventsFile() throws(ConfigurationFaults) {
        guard let file = configuration.events.file else { return }
        var status = stat()
        let isThere = stat(file.resolved, &status) == 0
        let isRegular = status.st_mode & S_IFMT == S_IFREG
        guard isThere ? isRegular && access(file.resolved, W_OK) == 0 : access(folder(of: file), W_OK | X_OK) == 0
        else {
            throw ConfigurationFaults([
                configuration.fault(
                    at: file.location,
                    value: isThere && !isRegular ? file.written : "\(file.written): \(systemMessage(errno))",
                    expected: "a file that can be appended to"
                )
            ])
        }
    }

    private func folder(of path: ConfiguredPath) -> String {
        let parts = path.resolved.split(separator: "/").dropLast()
        return "/" + parts.joined(separator: "/")
    }

    private func checkListeners() throws(ConfigurationFaults) {
        for listener in configuration.listen {
            guard case .unix(let path, _) = listener.endpoint else { continue }
            guard access(folder(of: path), W_OK | X_OK) == 0 else {
                throw ConfigurationFaults([
                    configuration.fault(
                        at: path.location,
                        value: "\(path.written): \(systemMessage(errno))",
                        expected: "a folder that a socket can be made in"
                    )
                ])
            }
        }
    }
}

/// A calibration's golden row that came out wrong.
public struct NotSound: Error, CustomStringConvertible {
    public let description: String
}
