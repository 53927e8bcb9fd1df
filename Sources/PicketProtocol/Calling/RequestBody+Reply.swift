internal import NIOCore

extension RequestBody {
    /// A reply's body, read as a request's is.
    init(reply body: ByteBuffer) throws(Refusal) {
        guard body.readableBytes <= RequestBody.maximumLength else {
            throw Refusal(
                .tooLarge,
                "a reply of \(body.readableBytes) bytes, expected at most \(RequestBody.maximumLength)"
            )
        }
        self.init(expecting: body.readableBytes)
        append(body)
        seal()
    }
}
