import PicketEvaluation
import Testing

@Suite struct MarkdownTableTests {
    @Test func cellsMeanThemselves() {
        let table = MarkdownTable(
            heads: ["set", "rows"],
            rows: [["a|b", "1"], ["<img src=x>\n| c", "2"], ["`x` *y* [z](u) \\ _w_ & \u{1B}", "3"]]
        )
        #expect(
            table.text == """
                | set | rows |
                | --- | --- |
                | a\\|b | 1 |
                | \\<img src=x\\> \\| c | 2 |
                | \\`x\\` \\*y\\* \\[z\\](u) \\\\ \\_w\\_ &amp;   | 3 |
                """
        )
    }
}
