import Foundation
import PicketServer
import Testing

/// curl, as people type it.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")))
struct CurlTests {
    private static func curl(_ server: TestServer, _ arguments: [String], input: String = "") async throws -> String {
        let path = server.path
        return try await blocking {
            let curl = Process()
            curl.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
            curl.arguments = ["--silent", "--show-error", "--max-time", "20", "--unix-socket", path] + arguments
            let (stdin, stdout) = (Pipe(), Pipe())
            curl.standardInput = stdin
            curl.standardOutput = stdout
            try curl.run()
            try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try stdin.fileHandleForWriting.close()
            let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
            curl.waitUntilExit()
            return String(decoding: output, as: UTF8.self)
        }
    }

    @Test func getsMetadata() async throws {
        try await TestServer.run { server in
            let reply = try await CurlTests.curl(server, ["http://picket/v2/models/sum"])
            #expect(reply.contains(#""name":"sum""#))
        }
    }

    @Test func postsJSON() async throws {
        try await TestServer.run { server in
            let reply = try await CurlTests.curl(
                server,
                ["--data-binary", "@-", "http://picket/v2/models/sum/infer"],
                input: Sound.body
            )
            #expect(reply.contains(#""data":[10.0]"#))
        }
    }

    /// Over 1 MB curl asks for leave and waits a second where nobody gives it; it gives up after 20 either way.
    @Test func postsMuchAfterAsking() async throws {
        try await TestServer.run(requestBytes: 8 << 20) { server in
            let body =
                #"{"inputs":[{"name":"x","shape":[16,65536],"datatype":"FP32","data":["#
                + String(repeating: "1,", count: 16 * 65536 - 1) + "1]}]}"
            let reply = try await CurlTests.curl(
                server,
                ["--expect100-timeout", "60", "--data-binary", "@-", "http://picket/v2/models/large/infer"],
                input: body
            )
            #expect(reply.contains("65536.0,65536.0"))
        }
    }

    /// The answer comes although the body is far from sent.
    @Test func isToldThatItPostsTooMuch() async throws {
        try await TestServer.run(requestBytes: 1 << 20) { server in
            for expectation in ["Expect: 100-continue", "Expect:"] {
                let reply = try await CurlTests.curl(
                    server,
                    [
                        "--header", expectation, "--data-binary", "@-", "--write-out", "%{http_code}",
                        "http://picket/v2/models/sum/infer",
                    ],
                    input: String(repeating: "x", count: 5 << 20)
                )
                #expect(reply.contains("Content-Length 5242880, expected at most 1048576"))
                #expect(reply.hasSuffix("413"))
            }
            await WireCaseTests.expectNothingHeld(by: server)
        }
    }

    @Test func asksForHTTP2AndGetsHTTP1() async throws {
        try await TestServer.run { server in
            let reply = try await CurlTests.curl(server, ["--http2", "http://picket/v2/health/live"])
            #expect(reply == #"{"live":true}"#)
        }
    }
}
