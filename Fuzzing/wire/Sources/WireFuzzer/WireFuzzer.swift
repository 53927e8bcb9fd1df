import NIOCore
import NIOEmbedded
import NIOHTTP1
import PicketProtocol

/// What libFuzzer calls with each input: the bytes of a connection, as they come out of the socket.
///
/// They go through the HTTP decoder, the connection's state machine and the decoder of bodies, as in the server; each
/// must answer with an action, a request or a refusal.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // Sound: libFuzzer owns `count` readable bytes at `start` for the call, and the buffer copies them.
    let bytes = ByteBuffer(bytes: UnsafeBufferPointer(start: start, count: count))
    let channel = EmbeddedChannel(handler: ByteToMessageHandler(HTTPRequestDecoder()))
    var connection = FuzzedConnection()
    // Two reads: what a boundary inside a token does shows as well.
    var rest = bytes
    let first = rest.readSlice(length: bytes.readableBytes / 2) ?? ByteBuffer()
    for read in [first, rest] {
        do {
            try channel.writeInbound(read)
        } catch let error as HTTPParserError {
            connection.fail(error)
            break
        } catch {
            break
        }
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) { connection.take(part) }
    }
    _ = try? channel.finish(acceptAlreadyClosed: true)
    connection.end()
    return 0
}
