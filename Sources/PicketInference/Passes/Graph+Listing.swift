extension Graph {
    /// The graph in lines, one a node, for people who compare it before and after a pass.
    package var listing: String {
        var lines = ["inputs \(names(inputs))"]
        for node in nodes {
            lines.append("\(names(node.outputs)) = \(node.operatorName)(\(names(node.inputs)))  # \(node.name)")
        }
        lines.append("outputs \(names(outputs))")
        return lines.joined(separator: "\n")
    }

    private func names(_ ids: [ValueID?]) -> String {
        ids.map { id in
            guard let id else { return "-" }
            return constants[id] == nil ? self[id].name : "\(self[id].name) (constant)"
        }.joined(separator: ", ")
    }
}
