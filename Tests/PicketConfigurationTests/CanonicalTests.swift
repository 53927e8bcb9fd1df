import PicketConfiguration
import Testing

@Suite struct CanonicalTests {
    @Test(arguments: [
        ("{}", "{}"),
        ("{ b: 1, a: 2 }", #"{"a":2,"b":1}"#),
        ("{ z: [1, [], {}] , B: ~, a: null }", #"{"B":null,"a":null,"z":[1,[],{}]}"#),
        ("{ a: true, b: False, c: yes, d: on }", #"{"a":true,"b":false,"c":"yes","d":"on"}"#),
        ("{ a: 0x1F, b: 0o17, c: 017, d: +3, e: -0 }", #"{"a":31,"b":15,"c":17,"d":3,"e":-0}"#),
        ("{ a: 0.10, b: .5, c: 5., d: 1E+3, e: -2.5e-3 }", #"{"a":0.10,"b":0.5,"c":5.0,"d":1e3,"e":-2.5e-3}"#),
        ("{ a: 123456789012345678901234567890 }", #"{"a":123456789012345678901234567890}"#),
        (
            "{ a: \"1\", b: '2', c: 1.2.3, d: 1_000, e: 12:30:45, f: 2026-01-01 }",
            #"{"a":"1","b":"2","c":"1.2.3","d":"1_000","e":"12:30:45","f":"2026-01-01"}"#
        ),
        ("{ a: \"q\\\"\\\\\\n\\t\\0\\e\", ü: ä }", #"{"a":"q\"\\\n\t\u0000\u001b","ü":"ä"}"#),
        ("{ 1: a, true: b }", #"{"1":"a","true":"b"}"#),
        (
            "{ a: 0x, b: 0xFFFFFFFFFFFFFFFFF, c: '', d: -, e: 1e }",
            #"{"a":"0x","b":"0xFFFFFFFFFFFFFFFFF","c":"","d":"-","e":"1e"}"#
        ),
    ])
    func settings(written: String, canonical: String) throws {
        let configuration = try Configuration.parse(Cases.text(config: written))
        #expect(configuration.chains[0].detectors[0].configuration == canonical)
    }

    @Test(arguments: [".inf", "-.inf", ".nan", "1e999"])
    func numbersThatJSONCannotSay(written: String) {
        let lines = Cases.faults(Cases.text(config: "{ a: { b: [\(written)] } }"))
        #expect(
            lines == ["picket.yaml:7:50: chains[0].detectors[0].config.a.b[0]: \(written): expected a finite number"]
        )
    }

    @Test(arguments: ["0", "-1", "1001", "heavy", ".inf"])
    func weightsThatCannotBe(written: String) {
        let lines = Cases.faults(Cases.text(weight: written))
        #expect(
            lines == [
                "picket.yaml:7:39: chains[0].detectors[0].weight: \(written): expected a number from 0.001 to 1000"
            ]
        )
    }

    @Test func theTextOfAChainIsFixed() throws {
        let configuration = try Configuration.parse(Cases.text(config: "{ b: 1, a: x }"))
        #expect(
            configuration.canonicalText(of: configuration.chains[0]) == """
                {"detectors":[{"config":{"a":"x","b":1},"name":"p","plugin":"p"}],"model":{"input":{"grid":"none",\
                "kind":"image","layout":"NCHW","mean":[],"range":[0.0,1.0],"sent":"pixels","std":[]},\
                "output":{"kind":"logits"}},"schema":1}
                """
        )
    }

    /// What changes no score leaves the text as it is; what does changes it.
    @Test func theTextFollowsWhatChangesScores() throws {
        func canonical(_ text: String) throws -> String? {
            let configuration = try Configuration.parse(text)
            return configuration.canonicalText(of: configuration.chains[0])
        }
        let base = try canonical(Cases.text())
        #expect(base != nil)
        for same in [
            Cases.text(chain: "mode: enforce"), Cases.text(chain: "false-positive-rate: 0.2"),
            Cases.text(chain: "confidence: 0"), Cases.text(chain: "class-conditional: true"),
            Cases.text(chain: "method: fisher"), Cases.text(chain: "drift-level: off"),
            Cases.text(chain: "on-flag: withhold-rows"),
            Cases.text(chain: "disclose: score"), Cases.text(config: "{ }"), Cases.text(weight: "1.0"),
            Cases.text(input: "{ range: [0.0, 1e0], kind: image, grid: none }"), Cases.text(more: "log-level: debug"),
            Cases.text(precision: "float32"),
        ] {
            #expect(try canonical(same) == base)
        }
        for other in [
            Cases.text(config: "{ a: 1 }"), Cases.text(weight: "0.5"), Cases.text(input: "{ kind: tensor }"),
            Cases.text(input: "{ kind: image, range: [0, 255] }"),
            Cases.text(input: "{ kind: image, range: [0, 1], grid: 8bit }"),
            Cases.text(input: "{ kind: image, range: [0, 1], layout: NHWC }"),
            Cases.text(input: "{ kind: image, range: [0, 1], mean: [0.5] }"),
            Cases.text(input: "{ kind: image, range: [0, 1], std: [0.5] }"),
            Cases.text(precision: "bfloat16"),
        ] {
            #expect(try canonical(other) != base)
        }
    }
}
