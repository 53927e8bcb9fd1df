public import NIOCore

/// What an HTTP/2 client is told while gRPC is not served: the two frames that end the connection with a reason.
public enum HTTP2Refusal {
    /// HTTP_1_1_REQUIRED (RFC 9113, section 7).
    private static let http11Required: UInt32 = 0xd

    /// The reason, which gRPC clients print.
    public static let message = "gRPC: not supported in this version; use the protocol over HTTP/1.1"

    /// An empty SETTINGS frame, which has to come first, and GOAWAY.
    public static func frames() -> ByteBuffer {
        var buffer = ByteBuffer()
        writeFrameHeader(length: 0, type: 0x4, to: &buffer)
        writeFrameHeader(length: 8 + message.utf8.count, type: 0x7, to: &buffer)
        buffer.writeInteger(UInt32(0))
        buffer.writeInteger(http11Required)
        buffer.writeString(message)
        return buffer
    }

    /// A frame header on stream 0 without flags.
    private static func writeFrameHeader(length: Int, type: UInt8, to buffer: inout ByteBuffer) {
        buffer.writeMultipleIntegers(UInt8(length >> 16 & 0xff), UInt16(length & 0xffff), type, UInt8(0), UInt32(0))
    }
}
