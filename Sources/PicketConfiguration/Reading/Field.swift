/// One value of the file on its way to a type: the node, its key path, and where faults go.
///
/// Every reader returns nil after it has logged why; nil never means "absent".
struct Field {
    let node: YAMLNode
    let key: String
    let faults: FaultLog

    var location: SourceLocation {
        SourceLocation(line: node.mark.line, column: node.mark.column, key: key)
    }

    /// Logs that the value is not what was expected.
    func refuse(_ expected: String) {
        faults.add(location, value: node.summary, expected: expected)
    }

    /// The text of a scalar that is not null, however it is quoted.
    func text(_ expected: String) -> String? {
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            refuse(expected)
            return nil
        }
        return text
    }

    /// The text of an unquoted scalar, which YAML's core schema may read as a number or a boolean.
    func plainText(_ expected: String) -> String? {
        guard case .scalar(let text, isPlain: true) = node.content else {
            refuse(expected)
            return nil
        }
        return text
    }

    /// The elements of a list, each with its index in its key path.
    func elements(_ expected: String) -> [Field]? {
        guard case .sequence(let nodes) = node.content else {
            refuse(expected)
            return nil
        }
        return nodes.enumerated().map { index, node in
            Field(node: node, key: "\(key)[\(index)]", faults: faults)
        }
    }
}
