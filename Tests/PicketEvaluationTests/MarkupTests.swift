import PicketEvaluation
import Testing

@Suite struct MarkupTests {
    @Test(
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"), ("a & b", "a &amp; b"),
            ("\"quoted\" 'too'", "&quot;quoted&quot; &#39;too&#39;"),
            ("null\u{0}, escape \u{1B}[1m", "null\u{fffd}, escape \u{fffd}[1m"),
            ("Grüße 漢字 🙂", "Grüße 漢字 🙂"), ("two\nlines", "two\nlines"),
        ]
    )
    func foreignTextMeansItself(text: String, expected: String) {
        let markup: Markup = "<p title=\"\(text)\">\(text)</p>"
        #expect(markup.text == "<p title=\"\(expected)\">\(expected)</p>")
        #expect(Markup(escaping: text).text == expected)
    }

    @Test func markupIsNotEscapedTwice() {
        let inner: Markup = "<b>\("<")</b>"
        let outer: Markup = "<p>\(inner)\([inner, inner])</p>"
        #expect(outer.text == "<p><b>&lt;</b><b>&lt;</b><b>&lt;</b></p>")
    }

    @Test func numbersNeverBreakAPage() {
        let markup: Markup = "\(Double.nan) \(Double.infinity) \(1.26, digits: 1) \(-3)"
        #expect(markup.text == "0.0 0.0 1.3 -3")
    }

    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1000, "1\u{202f}000"), (1_234_567, "1\u{202f}234\u{202f}567"),
            (-1000, "−1\u{202f}000"),
        ]
    )
    func countsHaveThinSpaces(number: Int, expected: String) {
        #expect(Figure.count(number) == expected)
    }
}
