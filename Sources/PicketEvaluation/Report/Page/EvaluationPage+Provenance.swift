extension EvaluationPage {
    /// What was measured, to the byte.
    var provenance: Markup {
        let rows = evaluation.provenance.entries.map { entry -> [Markup] in
            [Page.cell(entry.name), "<td><code>\(entry.value)</code></td>"]
        }
        return Page.section(
            "Provenance",
            [
                Page.table(heads: ["what", "SHA-256, or name"], rows: rows, style: "wide"),
                "<h3>Configuration</h3>", "<pre>\(evaluation.provenance.configurationText)</pre>",
            ]
        )
    }
}
