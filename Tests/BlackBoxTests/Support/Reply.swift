/// An HTTP reply, and what it says of an inference.
struct Reply {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    private var headerLength: Int {
        headers["inference-header-content-length"].flatMap { Int($0) } ?? body.count
    }

    /// The JSON of the reply, without binary tensors behind it.
    func json() throws -> JSON { try JSON(body.prefix(headerLength)) }

    /// An output's bytes in the binary extension.
    func binaryOutput(_ name: String) throws -> [UInt8]? {
        var start = headerLength
        for output in try json()["outputs"].elements {
            guard let size = output["parameters"]["binary_data_size"].number.map({ Int($0) }) else { continue }
            guard size >= 0, start + size <= body.count else { throw Unusable("an output beyond the reply's end") }
            if output["name"].text == name { return Array(body[start..<start + size]) }
            start += size
        }
        return nil
    }

    /// An output's members.
    func output(_ name: String) throws -> JSON? {
        try json()["outputs"].elements.first { $0["name"].text == name }
    }

    var outputNames: [String] {
        get throws { try json()["outputs"].elements.compactMap { $0["name"].text } }
    }

    /// A float output, however it was sent.
    func floats(_ name: String) throws -> [Float] {
        if let bytes = try binaryOutput(name) {
            return stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { index in
                Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << (8 * UInt32($1)) })
            }
        }
        return try output(name)?["data"].elements.map { Float($0.number ?? .nan) } ?? []
    }

    /// `picket_flagged`, however it was sent.
    func flagged() throws -> [Bool] {
        if let bytes = try binaryOutput("picket_flagged") { return bytes.map { $0 != 0 } }
        return try output("picket_flagged")?["data"].elements.map { $0.truth ?? ($0.number != 0) } ?? []
    }
}
