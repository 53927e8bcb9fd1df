import NIOCore
import PicketProtocol
import Testing

@Suite struct RequestStateMachineTimeTests {
    @Test func endsConnectionsThatSayNothing() {
        var connection = Connection()
        #expect(connection.wait(.milliseconds(9_999)) == "-")
        #expect(connection.wait(.milliseconds(1)) == "close")
        #expect(connection.machine.deadline == nil)
    }

    @Test func endsSlowHeads() {
        var connection = Connection()
        #expect(connection.wait(.seconds(9)) == "-")
        connection.machine.bytesArrived(at: connection.now)
        #expect(connection.wait(.milliseconds(9_999)) == "-")
        connection.machine.bytesArrived(at: connection.now)
        #expect(connection.wait(.milliseconds(1)) == "reply 408 close", "single bytes win no time")
        #expect(connection.flushed() == "linger")
        #expect(connection.wait(.seconds(1)) == "close")
    }

    @Test func endsSlowBodies() {
        var connection = Connection()
        _ = connection.head(connection.headers(length: 1000))
        #expect(connection.wait(.milliseconds(9_999)) == "-")
        #expect(connection.body(50) == "-")
        #expect(connection.wait(.milliseconds(5_000)) == "-", "50 bytes are worth 5 seconds more")
        #expect(connection.wait(.milliseconds(1)) == "reply 408 close")
        #expect(!connection.machine.holdsBody)
    }

    @Test func bearsBodiesThatComeFastEnough() {
        var connection = Connection()
        _ = connection.head(connection.headers(length: 1000))
        for _ in 0..<100 {
            #expect(connection.body(10) == "-")
            #expect(connection.wait(.seconds(1)) == "-")
        }
        #expect(connection.end() == "answer")
    }

    @Test func abandonsLateAnswers() {
        var connection = Connection()
        _ = connection.head(connection.headers(length: 0))
        _ = connection.end()
        #expect(connection.wait(.milliseconds(1_999)) == "-")
        #expect(connection.wait(.milliseconds(1)) == "abandon 504")
        #expect(connection.answered() == "-", "what comes later is nobody's")
        #expect(connection.flushed() == "-")
        #expect(connection.request().last == "-")
    }

    @Test func lateAnswersAreNotTheNextRequests() {
        var connection = Connection()
        _ = connection.head(connection.headers(length: 0))
        _ = connection.end()
        let abandoned = connection.serial
        #expect(connection.wait(.seconds(2)) == "abandon 504")
        #expect(connection.flushed() == "-")
        _ = connection.head(connection.headers(length: 0))
        #expect(connection.end() == "answer")
        #expect(connection.serial != abandoned)
        #expect(connection.answered(to: abandoned) == "-")
        #expect(!connection.machine.wantsInput, "the second is still worked on")
        #expect(connection.machine.deadline == connection.now + .seconds(2))
        #expect(connection.answered() == "reply 200 keep-alive")
        #expect(connection.answered() == "-", "once")
        #expect(connection.flushed() == "-")
        #expect(connection.request().last == "-")
    }

    @Test func endsIdleConnections() {
        var connection = Connection()
        _ = connection.request()
        #expect(connection.wait(.milliseconds(59_999)) == "-")
        #expect(connection.wait(.milliseconds(1)) == "close")
    }

    @Test func endsConnectionsThatTakeNoReply() {
        var connection = Connection()
        _ = connection.head(connection.headers(length: 0))
        _ = connection.end()
        _ = connection.answered()
        #expect(connection.wait(.milliseconds(29_999)) == "-")
        #expect(connection.wait(.milliseconds(1)) == "close")
        #expect(connection.flushed() == "-")
    }

    @Test func drains() {
        var idle = Connection()
        #expect(idle.drain() == "close")
        var receiving = Connection()
        _ = receiving.head(receiving.headers(length: 3))
        #expect([receiving.drain(), receiving.body(3), receiving.end()] == ["-", "-", "answer"])
        #expect([receiving.answered(), receiving.flushed()] == ["reply 200 close", "close"])
        var answering = Connection()
        _ = answering.head(answering.headers(length: 0))
        _ = answering.end()
        #expect([answering.drain(), answering.answered(), answering.flushed()] == ["-", "reply 200 close", "close"])
        var replying = Connection()
        _ = replying.head(replying.headers(length: 0))
        _ = replying.end()
        _ = replying.answered()
        #expect([replying.drain(), replying.flushed()] == ["-", "close"])
        var skipping = Connection()
        _ = skipping.head(.POST, "/v2/models/mum/infer", ["Content-Length": "5"])
        _ = skipping.flushed()
        #expect([skipping.drain(), skipping.body(5), skipping.end()] == ["-", "-", "close"])
        var arriving = Connection()
        arriving.machine.bytesArrived(at: arriving.now)
        #expect(
            [arriving.drain(), arriving.head(arriving.headers(length: 0)), arriving.end()] == ["-", "-", "answer"]
        )
    }

    @Test func copesWithSendersThatEnd() {
        var idle = Connection()
        #expect(idle.inputClosed() == "close")
        var receiving = Connection()
        _ = receiving.head(receiving.headers(length: 3))
        #expect([receiving.body(1), receiving.inputClosed()] == ["-", "reply 400 close"])
        #expect(receiving.flushed() == "close")
        var answering = Connection()
        _ = answering.head(answering.headers(length: 0))
        _ = answering.end()
        #expect(
            [answering.inputClosed(), answering.answered(), answering.flushed()] == ["-", "reply 200 close", "close"]
        )
        var replying = Connection()
        _ = replying.head(.GET, "/v2")
        #expect([replying.inputClosed(), replying.flushed()] == ["-", "close"])
    }

    @Test func copesWithWhatIsNotHTTP() {
        var arriving = Connection()
        arriving.machine.bytesArrived(at: arriving.now)
        #expect([arriving.parserFailed(), arriving.flushed()] == ["reply 400 close", "linger"])
        #expect(arriving.inputClosed() == "close")
        var receiving = Connection()
        _ = receiving.head(["Transfer-Encoding": "chunked"])
        #expect(
            [receiving.parserFailed(), receiving.parserFailed(), receiving.flushed()] == [
                "reply 400 close", "-", "linger",
            ]
        )
        var skipping = Connection()
        _ = skipping.head(.POST, "/v2/models/mum/infer", ["Content-Length": "5"])
        #expect([skipping.flushed(), skipping.parserFailed()] == ["-", "linger"])
    }

    @Test func saysWhetherSomebodyWorks() {
        var idle = Connection()
        #expect(idle.machine.closed() == false)
        var answering = Connection()
        _ = answering.head(answering.headers(length: 0))
        _ = answering.end()
        #expect(answering.machine.closed() == true)
        #expect(answering.machine.closed() == false)
        #expect(answering.answered() == "-")
    }
}
