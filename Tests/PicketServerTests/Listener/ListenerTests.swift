import Foundation
import Glibc
import PicketRuntime
import PicketServer
import Testing

@Suite struct ListenerTests {
    @Test func staleSocketFileIsReplaced() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            try ListenerTests.leaveStaleSocket(at: path)
            try await ListenerTests.serve(at: path) {
                try await expectServed(at: path)
            }
            #expect(!FileManager.default.fileExists(atPath: path), "and taken away at the end")
        }
    }

    @Test func liveSocketIsLeftAlone() async throws {
        try await TestServer.run { server in
            let second = InferenceServer(ListenerTests.settings(server.path), service: FakeService(), logger: .silent)
            await #expect(throws: ListenFault.live(path: server.path)) { try await second.run() }
            try await expectServed(at: server.path)
        }
    }

    /// Whoever may open the folder may lock it, which is not to keep a daemon from its start.
    @Test func lockedFolderIsNoObstacle() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            let descriptor = open(folder, O_RDONLY | O_DIRECTORY)
            defer { close(descriptor) }
            try #require(flock(descriptor, LOCK_EX) == 0)
            let server = InferenceServer(ListenerTests.settings(path), service: FakeService(), logger: .silent)
            let running = Task { try await server.run() }
            let isServed = await eventually { FileManager.default.fileExists(atPath: path) }
            #expect(isServed)
            // Lets a server that waits for the lock go, so that the test ends.
            _ = flock(descriptor, LOCK_UN)
            await server.waitUntilListening()
            running.cancel()
            try await running.value
        }
    }

    /// Two daemons that start at once must not both take the same path.
    @Test func lockedSocketIsNamed() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            let descriptor = open(path + ".lock", O_RDWR | O_CREAT, 0o600)
            defer { close(descriptor) }
            try #require(flock(descriptor, LOCK_EX) == 0)
            #expect(await ListenerTests.fault(at: path) == .locked(path: path + ".lock"))
            #expect(FileManager.default.fileExists(atPath: path + ".lock"), "the lock is its holder's")
        }
    }

    @Test func lockFileIsPrivateAndGoesWithTheSocket() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            // As a daemon that was killed leaves it.
            try Data().write(to: URL(fileURLWithPath: path + ".lock"))
            try await ListenerTests.serve(at: path) {
                #expect(FileManager.default.fileExists(atPath: path + ".lock"))
                try await expectServed(at: path)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
            try await ListenerTests.serve(at: path) {
                var status = stat()
                #expect(lstat(path + ".lock", &status) == 0)
                #expect(status.st_mode & 0o7777 == 0o600)
            }
        }
    }

    @Test func lockThatIsALinkIsNotFollowed() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            let precious = folder + "/precious"
            try FileManager.default.createSymbolicLink(atPath: path + ".lock", withDestinationPath: precious)
            let expected = ListenFault.failed(call: "open", subject: path + ".lock", errno: ELOOP)
            #expect(await ListenerTests.fault(at: path) == expected)
            #expect(!FileManager.default.fileExists(atPath: precious))
        }
    }

    @Test func otherFilesAreLeftAlone() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
            let server = InferenceServer(ListenerTests.settings(path), service: FakeService(), logger: .silent)
            await #expect(throws: ListenFault.notASocket(path: path)) { try await server.run() }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        }
    }

    @Test func symbolicLinkIsNotFollowed() async throws {
        try await TestServer.run { server in
            let link = server.path + ".link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: server.path)
            let second = InferenceServer(ListenerTests.settings(link), service: FakeService(), logger: .silent)
            await #expect(throws: ListenFault.notASocket(path: link)) { try await second.run() }
            try await expectServed(at: server.path)
        }
    }

    @Test(arguments: [0o600, 0o660, 0o666] as [UInt32])
    func fileHasItsMode(_ mode: UInt32) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            try await ListenerTests.serve(at: path, mode: mode) {
                var status = stat()
                #expect(lstat(path, &status) == 0)
                #expect(status.st_mode & 0o7777 == mode)
            }
        }
    }

    @Test func folderThatIsMissingIsNamed() async {
        let path = "/tmp/picket-none/picket.sock"
        let server = InferenceServer(ListenerTests.settings(path), service: FakeService(), logger: .silent)
        await #expect(throws: ListenFault.failed(call: "open", subject: path + ".lock", errno: ENOENT)) {
            try await server.run()
        }
    }

    @Test func pathThatIsTooLongIsNamed() async {
        let path = "/tmp/" + String(repeating: "a", count: 103)
        let server = InferenceServer(ListenerTests.settings(path), service: FakeService(), logger: .silent)
        await #expect(throws: ListenFault.pathTooLong(path: path, limit: 107)) { try await server.run() }
    }

    @Test func faultOfOneListenerFreesTheOthers() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            var settings = ListenerTests.settings(path)
            settings.listeners.append(.init(.systemd(name: "absent")))
            let server = InferenceServer(settings, service: FakeService(), logger: .silent)
            await #expect(throws: ListenFault.notInherited(name: "absent", found: [])) { try await server.run() }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func peersOutsideTheListsAreTurnedAway() async throws {
        try await withTemporaryFolder { folder in
            let (open, closed) = (folder + "/open.sock", folder + "/closed.sock")
            var settings = ListenerTests.settings(open)
            settings.listeners[0].access = PeerAccess(users: [getuid()])
            settings.listeners.append(
                .init(
                    .unix(path: closed, mode: 0o600),
                    access: PeerAccess(users: [getuid() + 1], groups: [4_000_000_000])
                )
            )
            try await ListenerTests.serve(settings) {
                try await expectServed(at: open)
                let (reply, rest) = try await blocking {
                    let connection = try RawConnection(closed)
                    return (try connection.reply(), try connection.rest())
                }
                #expect(reply?.status == 403)
                #expect(reply?.body == #"{"error":"user \#(getuid()): not among those whom this socket is for"}"#)
                #expect(rest == [])
            }
        }
    }

    @Test func groupsAdmitToo() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/picket.sock"
            var settings = ListenerTests.settings(path)
            settings.listeners[0].access = PeerAccess(groups: [getgid()])
            try await ListenerTests.serve(settings) {
                try await expectServed(at: path)
            }
        }
    }

    @Test func peerIsWhoTheKernelSays() async throws {
        try await TestServer.run { server in
            try await expectServed(at: server.path)
            #expect(server.service.lastRequest?.peer == Peer(pid: getpid(), uid: getuid(), gid: getgid()))
            #expect(server.service.lastRequest?.id == "sound")
        }
    }

    /// Why a server does not listen at `path`; nil where it does.
    private static func fault(at path: String) async -> ListenFault? {
        let server = InferenceServer(settings(path), service: FakeService(), logger: .silent)
        let running = Task { try await server.run() }
        let stopping = Task {
            await server.waitUntilListening()
            running.cancel()
        }
        defer { stopping.cancel() }
        do {
            try await running.value
            return nil
        } catch {
            return error as? ListenFault
        }
    }

    static func settings(_ path: String, mode: UInt32 = 0o600) -> ServerSettings {
        ServerSettings(
            listeners: [.init(.unix(path: path, mode: mode))],
            requestBytes: 1 << 20,
            deadline: .seconds(60)
        )
    }

    private static func serve(at path: String, mode: UInt32 = 0o600, _ body: () async throws -> Void) async throws {
        try await serve(settings(path, mode: mode), body)
    }

    private static func serve(_ settings: ServerSettings, _ body: () async throws -> Void) async throws {
        let server = InferenceServer(settings, service: FakeService(), logger: .silent)
        let running = Task { try await server.run() }
        defer { running.cancel() }
        await server.waitUntilListening()
        try await body()
        running.cancel()
        try await running.value
    }

    /// The file of a socket that nobody listens on any more.
    private static func leaveStaleSocket(at path: String) throws {
        let descriptor = socket(AF_UNIX, 1, 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(outcome == 0)
    }
}
