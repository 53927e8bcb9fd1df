extension EvaluationPage {
    /// The rows that the chain got most wrong.
    var pictures: Markup {
        let exemplars = evaluation.exemplars
        guard !exemplars.missed.isEmpty || !exemplars.mistaken.isEmpty else { return .empty }
        var content: [Markup] = []
        if !exemplars.missed.isEmpty {
            content += [
                "<h3>Hardest missed: successful examples of the lowest scores</h3>",
                "<p class=\"note\">Left the clean picture behind, where the set tells it; right what was sent.</p>",
                "<div class=\"pictures\">\(exemplars.missed.compactMap(figure))</div>",
            ]
        }
        if !exemplars.mistaken.isEmpty {
            content += [
                "<h3>Most mistaken: clean rows of the highest scores</h3>",
                "<div class=\"pictures\">\(exemplars.mistaken.compactMap(figure))</div>",
            ]
        }
        return Page.section("Where the chain is wrong", content)
    }

    private func figure(_ exemplar: Exemplar) -> Markup? {
        guard let sent = PictureData(exemplar.row) else { return nil }
        let before = exemplar.clean.flatMap { PictureData($0) }
        let original: Markup = before.map { "<img src=\"\($0.address)\" alt=\"clean\">" } ?? ""
        let classes = exemplar.truth.map { "class \($0) → \(exemplar.label)" } ?? "class \(exemplar.label)"
        return """
            <figure><div class="pair\(before == nil ? " one" : "")">\(original)\
            <img src="\(sent.address)" alt="as sent"></div>\
            <figcaption>\(SetNames.short(exemplar.file)) #\(exemplar.index)<br>\(classes), score \
            \(Figure.decimal(exemplar.score, digits: 1)), p \(Figure.decimal(exemplar.pValue))</figcaption></figure>
            """
    }
}
