internal import CPicketABI

extension PlanningSession {
    /// Names that replies use for something else.
    private static let takenFacts: Set<String> = ["flagged", "score", "verdict", "record"]

    /// Declares a fact.
    func fact(_ name: picket_string) throws(PlanningFault) -> UInt32 {
        guard let text = ForeignText.name(name, limit: PlanLimits.factNameByteCount), Self.isFactName(text) else {
            throw PlanningFault(
                message: "fact \(ForeignText.repaired(name).quoted): expected a lower-case letter, then up to "
                    + "\(PlanLimits.factNameByteCount - 1) lower-case letters, digits or '-'"
            )
        }
        guard !Self.takenFacts.contains(text) else {
            throw PlanningFault(message: "fact \(text.quoted): the name is taken by replies")
        }
        guard !plan.facts.contains(text) else {
            throw PlanningFault(message: "fact \(text.quoted) is declared twice")
        }
        guard plan.facts.count < PlanLimits.factsPerDetector else {
            throw PlanningFault(message: "more than \(PlanLimits.factsPerDetector) facts of a detector")
        }
        try checkReports("fact \(text.quoted)")
        plan.facts.append(text)
        return UInt32(plan.facts.count - 1)
    }

    /// Gives the served answer to this detector.
    func answers() throws(PlanningFault) {
        try checkReports("answers")
        if let answering {
            throw PlanningFault(message: "answers: detector \(answering.quoted) of this chain gives the served answer")
        }
        try graph.checkAnswerable()
        plan.answers = true
    }

    private func checkReports(_ what: String) throws(PlanningFault) {
        guard plugin.table.report != nil else {
            throw PlanningFault(message: "\(what): the plugin's table has no report")
        }
    }

    private static func isFactName(_ text: String) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = text.utf8.first, letters.contains(first) else { return false }
        return text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }
    }
}
