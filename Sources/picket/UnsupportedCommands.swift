import ArgumentParser
import Foundation

/// Commands that the daemon's admin socket will answer one day.
private func refuse(_ command: String) throws -> Never {
    FileHandle.standardError.write(
        Data(("picket \(command): not supported in this version: it needs the daemon's admin socket\n").utf8)
    )
    throw ExitCode(EX_UNAVAILABLE)
}

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask a daemon for its state (not supported in this version)."
    )

    func run() throws { try refuse("status") }
}

struct RecordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "records",
        abstract: "List, show, export and purge quarantined inputs (not supported in this version)."
    )

    @Argument(help: "list, show, export or purge, and what it takes.")
    var rest: [String] = []

    func run() throws { try refuse("records") }
}
