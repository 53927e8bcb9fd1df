import Foundation
import Logging
import PicketRuntime
import PicketServer

/// A server on a socket of its own in a folder of its own, for as long as `body` runs.
struct TestServer {
    let path: String
    let service: FakeService
    let server: InferenceServer

    static func run<Result: Sendable>(
        requestBytes: Int = 1 << 20,
        deadline: Duration = .seconds(60),
        logger: Logger = .silent,
        _ adjust: (inout ServerSettings) -> Void = { _ in },
        _ body: @Sendable (TestServer) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            var settings = ServerSettings(
                listeners: [.init(.unix(path: path, mode: 0o600))],
                requestBytes: requestBytes,
                deadline: deadline
            )
            adjust(&settings)
            let service = FakeService()
            let server = InferenceServer(settings, service: service, logger: logger)
            let running = Task { try await server.run() }
            defer { running.cancel() }
            await server.waitUntilListening()
            let result = try await body(TestServer(path: path, service: service, server: server))
            running.cancel()
            try await running.value
            return result
        }
    }
}

extension Logger {
    /// Says nothing.
    static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
}

/// A folder that is gone afterwards. Short, since the paths of sockets have to be.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = "/tmp/picket-\(UInt32.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

/// Runs what blocks on a thread of its own, away from the threads that tests share.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Swift.Result { try body() }) }
        thread.start()
    }
}

/// Waits for what others bring about; how long decides nothing but how long a broken test takes.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<2000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return condition()
}
