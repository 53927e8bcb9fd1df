internal import CSIMDJSON

/// A JSON object read from untrusted bytes: a tree of small values, and the places of tensors' numbers.
///
/// Lives inside the call that reads it, as the bytes do; ``fill(_:type:extents:expected:into:)`` reads them again.
final class JSONDocument {
    /// More than any request's header needs; each bounds memory or time that hostile text could take.
    static let limits = picket_json_limits(depth: 12, nodes: 4096, string_bytes: 64 * 1024)

    /// Bytes that have to follow the text in memory.
    static let padding = Int(PICKET_JSON_PADDING)

    let nodes: [picket_json_node]
    let strings: [UInt8]
    private let reader: OpaquePointer

    /// Reads `length` bytes of `text`, whose arrays `inputs[…].data` stay unread.
    ///
    /// The document must not outlive `text`.
    init(_ text: UnsafeRawBufferPointer, length: Int) throws(JSONFault) {
        precondition(length >= 0 && length <= text.count - JSONDocument.padding, "JSON text is padded")
        guard let base = text.baseAddress else { preconditionFailure("padded text is not empty") }
        var fault = picket_json_fault()
        // Sound: `base` is readable for `length` bytes and the padding, as checked, for as long as the caller promises.
        // Level 3 is that of the members of a request's inputs: root, "inputs", each of them.
        guard
            let reader = picket_json_open(
                base.assumingMemoryBound(to: CChar.self),
                length,
                "data",
                3,
                JSONDocument.limits,
                &fault
            )
        else {
            throw JSONFault(fault)
        }
        self.reader = reader
        // Sound: both arrays belong to the reader, are as long as it says, and are copied before anything else happens.
        var count = 0
        nodes = Array(UnsafeBufferPointer(start: picket_json_nodes(reader, &count), count: count))
        var byteCount = 0
        let bytes = UnsafeRawPointer(picket_json_strings(reader, &byteCount))
        strings = Array(UnsafeRawBufferPointer(start: bytes, count: byteCount))
    }

    deinit {
        picket_json_close(reader)
    }

    /// The document itself.
    var root: JSONValue { JSONValue(document: self, index: 0) }

    /// Parses the numbers of a deferred value into `destination`, exactly `expected` elements of `type`.
    func fill(
        _ value: JSONValue,
        type: picket_json_element,
        extents: [Int],
        expected: Int,
        into destination: UnsafeMutableRawBufferPointer
    ) throws(JSONFault) {
        var fault = picket_json_fault()
        let extents = extents.map(Int64.init)
        // Sound: the reader writes at most `expected` elements, and the caller's tensor has room for as many.
        let status = picket_json_fill(
            reader,
            UInt32(value.index),
            type,
            extents,
            UInt32(extents.count),
            UInt64(expected),
            destination.baseAddress,
            &fault
        )
        guard status == PICKET_JSON_OK else { throw JSONFault(fault) }
    }
}
