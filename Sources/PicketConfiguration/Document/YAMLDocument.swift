import Yams

/// One YAML document as a tree of ``YAMLNode``; the only place that knows the YAML library.
enum YAMLDocument {
    /// Deepest nesting accepted. The library itself stops at 1,000.
    static let depthLimit = 32

    /// Returns nil after logging what was wrong.
    static func root(of source: SourceText, faults: FaultLog) -> YAMLNode? {
        let file = faults.file
        let (root, found) = OwnStack.run {
            let faults = FaultLog(file: file)
            return (compose(source, faults: faults), faults.sorted)
        }
        found.forEach(faults.add)
        // A tree with parts refused would look as if their keys were missing.
        return found.isEmpty ? root : nil
    }

    private static func compose(_ source: SourceText, faults: FaultLog) -> YAMLNode? {
        do {
            // The basic resolver gives every scalar the type of a string: the core schema is applied by the readers,
            // which know what they expect. The encoding is said, since the default one reads an environment variable.
            let parser = try Parser(yaml: source.text, resolver: .basic, encoding: .utf8)
            // Nodes know their anchors only as long as the parser lives.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    log(.init(line: 1, column: 1), "an empty file", "a mapping with the key listen", faults)
                    return nil
                }
                return node(root, depth: 0, faults: faults)
            }
        } catch {
            log(error, source: source, faults: faults)
            return nil
        }
    }

    private static func node(_ node: Node, depth: Int, faults: FaultLog) -> YAMLNode? {
        let mark = YAMLNode.Mark(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        if node.anchor != nil {
            log(mark, "an anchor or alias", "no anchors and no aliases", faults)
            return nil
        }
        guard depth <= depthLimit else {
            log(mark, "a deeper nesting", "at most \(depthLimit) levels", faults)
            return nil
        }
        guard let content = content(node, at: mark, depth: depth, faults: faults) else { return nil }
        return YAMLNode(content: content, mark: mark)
    }

    private static func content(
        _ node: Node,
        at mark: YAMLNode.Mark,
        depth: Int,
        faults: FaultLog
    ) -> YAMLNode.Content? {
        let expectedTag: Tag.Name
        let content: YAMLNode.Content
        switch node {
        case .scalar(let scalar):
            expectedTag = .str
            content = .scalar(scalar.string, isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            expectedTag = .seq
            content = .sequence(sequence.compactMap { self.node($0, depth: depth + 1, faults: faults) })
        case .mapping(let mapping):
            expectedTag = .map
            content = .mapping(mapping.compactMap { entry($0, depth: depth + 1, faults: faults) })
        case .alias:
            log(mark, "an alias", "no anchors and no aliases", faults)
            return nil
        }
        guard node.tag.description == expectedTag.rawValue else {
            log(mark, "the tag \(node.tag)", "no tags", faults)
            return nil
        }
        return content
    }

    private static func entry(_ pair: (key: Node, value: Node), depth: Int, faults: FaultLog) -> YAMLNode.Entry? {
        guard let key = node(pair.key, depth: depth, faults: faults) else { return nil }
        guard case .scalar(let name, _) = key.content, !name.isEmpty else {
            log(key.mark, key.summary, "a name as key", faults)
            return nil
        }
        guard name != "<<" else {
            log(key.mark, "<<", "no merge keys", faults)
            return nil
        }
        guard let value = node(pair.value, depth: depth, faults: faults) else { return nil }
        return YAMLNode.Entry(key: name, mark: key.mark, value: value)
    }

    private static func log(_ error: any Error, source: SourceText, faults: FaultLog) {
        let start = YAMLNode.Mark(line: 1, column: 1)
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _):
            log(.init(line: mark.line, column: mark.column), problem, "well-formed YAML", faults)
        case YamlError.composer(_, let problem, let mark, _):
            let expected = problem.contains("document") ? "one document" : "no anchors and no aliases"
            log(.init(line: mark.line, column: mark.column), problem, expected, faults)
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            let first = YAMLNode.Mark(line: context.mark.line, column: context.mark.column)
            let name = keys.first ?? ""
            let place = source.repetition(of: name, after: first) ?? first
            let location = SourceLocation(line: place.line, column: place.column, key: Printable.text(name))
            faults.add(location, value: "given again", expected: "one such key, as in line \(first.line)")
        case YamlError.reader(let problem, _, _, _):
            log(start, problem, "text of YAML's character set", faults)
        default:
            log(start, "\(error)", "well-formed YAML", faults)
        }
    }

    private static func log(_ mark: YAMLNode.Mark, _ value: String, _ expected: String, _ faults: FaultLog) {
        faults.add(.init(line: mark.line, column: mark.column, key: ""), value: value, expected: expected)
    }
}

extension SourceText {
    /// Where the key that stands at `first` stands again in its column: the library tells only the first place.
    fileprivate func repetition(of key: String, after first: YAMLNode.Mark) -> YAMLNode.Mark? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for number in lines.indices.dropFirst(first.line) {
            let rest = lines[number].unicodeScalars.dropFirst(first.column - 1)
            let before = lines[number].unicodeScalars.prefix(first.column - 1)
            if before.allSatisfy({ $0 == " " || $0 == "-" }), rest.starts(with: (key + ":").unicodeScalars) {
                return .init(line: number + 1, column: first.column)
            }
        }
        return nil
    }
}
