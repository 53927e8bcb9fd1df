internal import CSIMDJSON

/// Why text is not the JSON that was wanted.
struct JSONFault: Error {
    private let fault: picket_json_fault

    init(_ fault: picket_json_fault) {
        self.fault = fault
    }

    /// Whether the daemon ran out of memory, which is nobody's malformed request.
    var isOutOfMemory: Bool { fault.status == PICKET_JSON_OUT_OF_MEMORY }

    /// The text at the fault, or the key or token itself.
    private var excerpt: String {
        withUnsafeBytes(of: fault.excerpt) { bytes in
            quoted(String(decoding: bytes.prefix(Int(fault.excerpt_length)), as: UTF8.self))
        }
    }

    private var place: String {
        fault.excerpt_length == 0 ? "at byte \(fault.offset)" : "at byte \(fault.offset), \(excerpt)"
    }

    /// A sentence about a document.
    func sentence(about document: String) -> String {
        let limits = JSONDocument.limits
        return switch fault.status {
        case PICKET_JSON_NOT_UTF8: "\(document): bytes that are not UTF-8, expected JSON in UTF-8"
        case PICKET_JSON_NOT_AN_OBJECT: "\(document): found \(excerpt), expected a JSON object"
        case PICKET_JSON_TOO_DEEP: "\(document): nested deeper than \(limits.depth) levels \(place)"
        case PICKET_JSON_TOO_MANY_VALUES: "\(document): more than \(limits.nodes) values outside of data arrays"
        case PICKET_JSON_TOO_MUCH_TEXT: "\(document): more than \(limits.string_bytes) bytes of strings"
        case PICKET_JSON_DUPLICATE_KEY: "\(document): the key \(excerpt) twice in one object, expected once"
        case PICKET_JSON_OUT_OF_RANGE: "\(document): the number \(excerpt), expected one that 64 bits hold"
        case PICKET_JSON_TRAILING_CONTENT: "\(document): more text behind the JSON object, \(place)"
        case PICKET_JSON_OUT_OF_MEMORY: "\(document): no memory to read it"
        default: "\(document): malformed JSON \(place)"
        }
    }

    /// A sentence about an input's `data`, whose elements should be of `datatype`.
    func sentence(aboutDataOf input: String, datatype: Datatype, shape: String) -> String {
        let element = "\(input), data, element \(fault.element)"
        switch fault.status {
        case PICKET_JSON_WRONG_COUNT where fault.axis < 0:
            return fault.found > fault.expected
                ? "\(input): data has more than \(fault.expected) elements, as many as shape \(shape) holds"
                : "\(input): data has \(fault.found) elements, shape \(shape) expects \(fault.expected)"
        case PICKET_JSON_WRONG_COUNT:
            let found = fault.found > fault.expected ? "more than \(fault.expected)" : "\(fault.found)"
            return "\(input): data has \(found) entries on axis \(fault.axis), shape \(shape) expects \(fault.expected)"
        case PICKET_JSON_WRONG_NESTING where fault.axis < 0:
            return "\(element): an array, expected a number, as data began as a flat array"
        case PICKET_JSON_WRONG_NESTING:
            return "\(element): expected arrays nested as shape \(shape) says, or one flat array"
        case PICKET_JSON_OUT_OF_RANGE:
            return "\(element): \(excerpt) is beyond the range of \(datatype.rawValue)"
        case PICKET_JSON_WRONG_KIND:
            return "\(element): \(excerpt), expected \(datatype.jsonForm)"
        case PICKET_JSON_OUT_OF_MEMORY:
            return "\(input): no memory to read its data"
        default:
            return "\(element): malformed JSON, \(excerpt), expected \(datatype.jsonForm)"
        }
    }
}

/// Text from a request as messages show it: in quotation marks, cut off, control characters and marks spelt out.
func quoted(_ text: some StringProtocol) -> String {
    var result = "\""
    var count = 0
    for scalar in text.unicodeScalars {
        guard count < 64 else { return result + "…\"" }
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case _ where scalar.value < 0x20 || scalar.value == 0x7f: result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
        count += 1
    }
    return result + "\""
}
