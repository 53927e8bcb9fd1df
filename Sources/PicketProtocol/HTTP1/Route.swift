/// What a request's path means.
enum Route: Hashable {
    case server
    case live
    case ready
    case model(name: String, version: String?)
    case modelReady(name: String, version: String?)
    case infer(name: String, version: String?)

    /// The route of a request target in origin or absolute form, query ignored.
    ///
    /// - Throws: a ``Refusal`` that names the path.
    init(target: String) throws(Refusal) {
        let path = Route.path(of: target)
        var segments: [String] = []
        for raw in path.split(separator: "/", omittingEmptySubsequences: true) {
            guard let segment = Route.decoded(raw) else {
                throw .malformed("path \(quoted(path)): expected percent-encoded UTF-8")
            }
            segments.append(segment)
        }
        guard let route = Route(segments[...]) else {
            throw Refusal(.notFound, "path \(quoted(path)): not found, expected one of the Open Inference Protocol's")
        }
        self = route
    }

    private init?(_ segments: ArraySlice<String>) {
        guard segments.first == "v2" else { return nil }
        switch segments.dropFirst() {
        case []: self = .server
        case ["health", "live"]: self = .live
        case ["health", "ready"]: self = .ready
        case let rest where rest.count >= 2 && rest.first == "models":
            self.init(model: rest[rest.startIndex + 1], rest.dropFirst(2))
        default: return nil
        }
    }

    private init?(model name: String, _ rest: ArraySlice<String>) {
        var rest = rest
        var version: String?
        if rest.first == "versions" {
            guard rest.count >= 2 else { return nil }
            version = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        switch rest {
        case []: self = .model(name: name, version: version)
        case ["ready"]: self = .modelReady(name: name, version: version)
        case ["infer"]: self = .infer(name: name, version: version)
        default: return nil
        }
    }

    /// The method that the route is for.
    var isInference: Bool {
        if case .infer = self { true } else { false }
    }

    private static func path(of target: String) -> Substring {
        var path = target[...]
        // The absolute form, which proxies send (RFC 9112, section 3.2.2).
        if let scheme = path.firstRange(of: "://"), !path.hasPrefix("/") {
            path = path[scheme.upperBound...]
            path = path[(path.firstIndex(of: "/") ?? path.endIndex)...]
        }
        return path.prefix { $0 != "?" && $0 != "#" }
    }

    private static func decoded(_ segment: Substring) -> String? {
        guard segment.utf8.contains(UInt8(ascii: "%")) else { return String(segment) }
        var bytes: [UInt8] = []
        var rest = segment.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
