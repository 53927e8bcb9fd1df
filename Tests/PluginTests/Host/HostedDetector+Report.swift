import CPicketABI

extension HostedDetector {
    /// The facts, by name, and the answer.
    func report(
        _ row: [Float],
        classes: Int,
        answer: (_ model: String, _ key: String) -> [Float]
    ) throws -> (facts: [String: Double], answer: [Float]) {
        let evidence = try evidence(row, answer)
        guard let report = plugin.pointee.report else {
            throw HostedFault(status: PICKET_UNSUPPORTED, message: "the plugin reports nothing")
        }
        var facts = [Double](repeating: -1, count: graph.facts.count)
        var answers = [Float](repeating: -1, count: graph.isAnswering ? classes : 0)
        let isAnswering = graph.isAnswering
        try answering { error in
            answers.withUnsafeMutableBufferPointer { room in
                evidence.withEvidence {
                    report(detector, $0, &facts, facts.count, isAnswering ? room.baseAddress : nil, room.count, error)
                }
            }
        }
        return (Dictionary(uniqueKeysWithValues: zip(graph.facts, facts)), answers)
    }
}
