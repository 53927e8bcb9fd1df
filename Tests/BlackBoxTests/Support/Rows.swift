import Foundation

/// Pictures as bytes, one array a row.
enum Rows {
    /// Clean pictures of the example's test set.
    static func clean() throws -> [[UInt8]] { try load("clean") }

    /// Adversarial ones (DeepFool, 8 bits).
    static func attacked() throws -> [[UInt8]] { try load("attacked") }

    static let pixels = 784

    static func path(_ name: String) -> String { "\(Products.cases)/blackbox/\(name).npy" }

    private static func load(_ name: String) throws -> [[UInt8]] {
        let bytes = Array(try Data(contentsOf: URL(filePath: path(name))))
        guard bytes.count > 10 else { throw Unusable("\(name).npy is cut off") }
        let data = bytes.dropFirst(10 + Int(bytes[8]) + Int(bytes[9]) << 8)
        guard !data.isEmpty, data.count % pixels == 0 else { throw Unusable("\(name).npy has no whole rows") }
        return stride(from: data.startIndex, to: data.endIndex, by: pixels).map { Array(data[$0..<$0 + pixels]) }
    }
}

/// An inference request for the example's model.
struct Request {
    var rows: [[UInt8]]
    var id: String?

    init(_ rows: [[UInt8]], id: String? = nil) {
        self.rows = rows
        self.id = id
    }

    private var values: [Float] { rows.flatMap { $0.map { Float($0) / 255 } } }

    private var shape: String { "[\(rows.count),1,28,28]" }

    private var idMember: String { id.map { #""id":"\#($0)","# } ?? "" }

    /// The body with numbers in JSON.
    var json: [UInt8] {
        let numbers = values.map { "\($0)" }.joined(separator: ",")
        return Array(
            #"{\#(idMember)"inputs":[{"name":"input","shape":\#(shape),"datatype":"FP32","data":[\#(numbers)]}]}"#.utf8
        )
    }

    /// The body of the binary tensor extension that asks for binary outputs, and the length of its JSON.
    var binary: (header: Int, body: [UInt8]) {
        let size = rows.count * Rows.pixels * 4
        let header =
            #"{\#(idMember)"inputs":[{"name":"input","shape":\#(shape),"datatype":"FP32","#
            + #""parameters":{"binary_data_size":\#(size)}}],"parameters":{"binary_data_output":true}}"#
        let data = values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
        return (header.utf8.count, Array(header.utf8) + data)
    }

    /// The whole request with JSON numbers.
    var overJSON: [UInt8] { Request.post(json) }

    /// The whole request with binary tensors.
    var overBinary: [UInt8] {
        let (header, body) = binary
        return Request.post(body, headers: ["Inference-Header-Content-Length: \(header)"])
    }

    static func post(_ body: [UInt8], headers: [String] = [], to model: String = "fashion") -> [UInt8] {
        let lines = ["POST /v2/models/\(model)/infer HTTP/1.1", "Host: picket", "Content-Length: \(body.count)"]
        return Array(((lines + headers).joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
}
