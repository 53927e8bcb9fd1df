import NIOCore
import NIOHTTP1
import PicketProtocol
import Testing

@Suite struct RequestStateMachineTests {
    @Test func servesOneRequestAfterTheOther() {
        var connection = Connection()
        for _ in 0..<3 {
            #expect(connection.request() == ["-", "-", "answer", "reply 200 keep-alive", "-"])
            #expect(connection.machine.wantsInput)
        }
    }

    @Test func takesNothingWhileItAnswers() {
        var connection = Connection()
        _ = connection.head(connection.headers(length: 0))
        #expect(connection.machine.wantsInput)
        #expect(connection.end() == "answer")
        #expect(!connection.machine.wantsInput)
        #expect(connection.machine.holdsBody)
        _ = connection.answered()
        #expect(!connection.machine.wantsInput, "not before the reply has left either")
        #expect(!connection.machine.holdsBody)
        _ = connection.flushed()
        #expect(connection.machine.wantsInput)
    }

    @Test func handsOverTheWholeBody() {
        var machine = RequestStateMachine(limits: Connection.limits, at: .uptimeNanoseconds(0))
        let head = HTTPRequestHead(
            version: .http1_1,
            method: .POST,
            uri: "/v2/models/sum/infer",
            headers: ["Transfer-Encoding": "chunked", "Inference-Header-Content-Length": "4"]
        )
        _ = machine.head(head, at: .uptimeNanoseconds(1), models: Models()) { _ in true }
        for part in ["ab", "", "cde"] {
            _ = machine.body(ByteBuffer(string: part), at: .uptimeNanoseconds(2)) { _ in true }
        }
        guard case .answer(let exchange) = machine.end(at: .uptimeNanoseconds(3)) else {
            Issue.record("expected an answer to be asked for")
            return
        }
        #expect(exchange.body.length == 5)
        #expect(exchange.headerLength == 4)
        #expect(exchange.received == .uptimeNanoseconds(3))
        #expect(exchange.model == Models.sum)
    }

    /// Announcing a body takes little from others.
    @Test func reservesAsTheBodyComes() {
        var connection = Connection(limits: RequestLimits(bodyBytes: 1 << 20, answer: .seconds(2)))
        #expect(connection.head(connection.headers(length: 20_000)) == "-")
        #expect(connection.reserved == 4096)
        for (part, reserved) in [(4096, 4096), (1, 8192), (5903, 16384), (10_000, 20_000)] {
            #expect(connection.body(part) == "-")
            #expect(connection.reserved == reserved)
        }
        #expect(connection.end() == "answer")
    }

    @Test func reservesNoMoreThanIsAnnounced() {
        var connection = Connection()
        #expect(connection.head(connection.headers(length: 700)) == "-")
        #expect(connection.reserved == 700)
        _ = connection.body(700)
        #expect(connection.reserved == 700)
    }

    @Test func reservesForChunksAsTheyCome() {
        var connection = Connection()
        #expect(connection.head(["Transfer-Encoding": "chunked"]) == "-")
        #expect(connection.reserved == 0)
        for _ in 0..<10 { #expect(connection.body(100) == "-") }
        #expect(connection.reserved == 1000)
        #expect(connection.body(1) == "reply 413 close")
    }

    @Test func refusesWhereNoMemoryIsLeft() {
        var announced = Connection()
        announced.room = 699
        #expect(announced.head(announced.headers(length: 700)) == "reply 429 close")
        var chunked = Connection()
        chunked.room = 500
        #expect(chunked.head(["Transfer-Encoding": "chunked"]) == "-")
        #expect(chunked.body(100) == "reply 429 close")
    }

    /// A connection outlives the refusal where little of the body is missing.
    @Test(arguments: [(1, "close", "linger"), (1850, "keep-alive", "-")])
    func refusesInTheMiddleOfABody(_ more: Int, _ fate: String, _ flushed: String) {
        var limits = Connection.limits
        limits.bodyBytes = 1 << 20
        var connection = Connection(limits: limits)
        connection.room = 5000
        #expect(connection.head(connection.headers(length: 6000)) == "-")
        #expect(connection.body(4096) == "-")
        #expect(connection.body(more) == "reply 429 \(fate)")
        #expect(!connection.machine.holdsBody)
        #expect(connection.flushed() == flushed)
        guard fate == "keep-alive" else { return }
        #expect([connection.body(6000 - 4096 - more), connection.end()] == ["-", "-"])
        #expect(connection.request().last == "-", "the next request is served")
    }

    @Test func refusesBeforeTheBody() {
        let cases: [(HTTPMethod, String, HTTPHeaders, String)] = [
            (.POST, "/v2/models/sum/infer", ["Content-Length": "1001"], "reply 413 close"),
            (.POST, "/v2/models/mum/infer", ["Content-Length": "100"], "reply 404 keep-alive"),
            (.POST, "/v2/models/mum/infer", ["Content-Length": "101"], "reply 404 close"),
            (.POST, "/v2/models/mum/infer", ["Content-Length": "9", "Expect": "100-continue"], "reply 404 close"),
            (.POST, "/v2/models/sum/infer", ["Content-Length": "9", "Content-Encoding": "br"], "reply 415 keep-alive"),
            (.PUT, "/v2/models/sum/infer", ["Content-Length": "9"], "reply 405 keep-alive"),
            (.POST, "/v2", ["Content-Length": "9"], "reply 405 keep-alive"),
            (.POST, "/v2/models/sum/infer", ["Content-Length": "9", "Expect": "a"], "reply 417 close"),
            (
                .POST, "/v2/models/sum/infer", ["Content-Length": "9", "Transfer-Encoding": "chunked"],
                "reply 400 close"
            ),
            (.POST, "/v2/models/sum/infer", ["Content-Length": "1e1"], "reply 400 close"),
            (.POST, "/v2/models/sum/infer", ["Transfer-Encoding": "gzip"], "reply 501 close"),
            (.GET, "/v2/health/live", ["Connection": "close"], "reply 200 close"),
        ]
        for (method, uri, headers, expected) in cases {
            var connection = Connection()
            #expect(connection.head(method, uri, headers) == expected, "\(method) \(uri) \(headers)")
            #expect(!connection.machine.holdsBody)
        }
    }

    /// However much the configuration allows, no more than a buffer holds.
    @Test(arguments: ["1073741825", "4294967296", "9223372036854775807"])
    func refusesWhatNoBufferHolds(_ length: String) {
        var limits = RequestLimits(bodyBytes: 1 << 40, answer: .seconds(2))
        limits.bodyBytes = .max
        var machine = RequestStateMachine(limits: limits, at: .uptimeNanoseconds(0))
        let head = HTTPRequestHead(
            version: .http1_1,
            method: .POST,
            uri: "/v2/models/sum/infer",
            headers: ["Content-Length": length]
        )
        guard
            case .reply(let reply) = machine.head(
                head,
                at: .uptimeNanoseconds(1),
                models: Models(),
                reserve: { _ in true }
            )
        else {
            Issue.record("expected a refusal")
            return
        }
        #expect(reply.status == .payloadTooLarge)
    }

    @Test func answersWhileNotReady() {
        var connection = Connection()
        connection.models.isReady = false
        #expect(connection.head(.GET, "/v2/health/live") == "reply 200 keep-alive")
        #expect([connection.flushed(), connection.end()] == ["-", "-"])
        #expect(connection.head(.GET, "/v2/health/ready") == "reply 503 keep-alive")
        #expect([connection.flushed(), connection.end()] == ["-", "-"])
        #expect(connection.head(.GET, "/v2/models/sum") == "reply 200 keep-alive")
        #expect([connection.flushed(), connection.end()] == ["-", "-"])
        #expect(connection.head(connection.headers(length: 9)) == "reply 503 keep-alive")
    }

    @Test func givesLeaveOnlyWhereItTakesTheBody() {
        var connection = Connection()
        #expect(connection.head(["Content-Length": "9", "Expect": "100-Continue"]) == "continue")
        var empty = Connection()
        #expect(empty.head(["Content-Length": "0", "Expect": "100-continue"]) == "-")
        var old = Connection()
        #expect(
            old.head(
                .POST,
                "/v2/models/sum/infer",
                version: .http1_0,
                ["Content-Length": "9", "Expect": "100-continue"]
            )
                == "-"
        )
    }

    @Test func repliesToHeadWithoutABody() {
        var machine = RequestStateMachine(limits: Connection.limits, at: .uptimeNanoseconds(0))
        let head = HTTPRequestHead(version: .http1_1, method: .HEAD, uri: "/v2")
        guard
            case .reply(let reply) = machine.head(
                head,
                at: .uptimeNanoseconds(1),
                models: Models(),
                reserve: { _ in true }
            )
        else {
            Issue.record("expected a reply")
            return
        }
        #expect(reply.body.readableBytes == 0)
        #expect(reply.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0 > 20)
    }

    @Test func skipsABodyThatItDidNotWaitFor() {
        var connection = Connection()
        #expect(connection.head(.POST, "/v2/models/mum/infer", ["Content-Length": "60"]) == "reply 404 keep-alive")
        #expect(connection.body(30) == "-")
        #expect(connection.flushed() == "-")
        #expect(connection.body(30) == "-")
        #expect(connection.end() == "-")
        #expect(connection.request().last == "-")
    }

    @Test func doesNotSkipWithoutEnd() {
        var before = Connection()
        _ = before.head(.POST, "/v2/models/mum/infer", ["Transfer-Encoding": "chunked"])
        #expect(before.body(101) == "-")
        #expect(before.flushed() == "linger")
        var after = Connection()
        _ = after.head(.POST, "/v2/models/mum/infer", ["Transfer-Encoding": "chunked"])
        #expect([after.flushed(), after.body(100), after.body(1)] == ["-", "-", "linger"])
        #expect(after.body(1_000_000) == "-")
    }

    @Test func closesWhatLingersWhenTheRequestIsIn() {
        var connection = Connection()
        #expect(connection.head(.GET, "/v2", ["Connection": "close"]) == "reply 200 close")
        #expect(connection.flushed() == "linger")
        #expect(connection.end() == "close")
    }
}
