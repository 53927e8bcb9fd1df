import CPicketABI
import Testing

/// What an ensemble learns at calibration, and what it does with a state that is none.
@Suite struct TemperatureTests {
    private let configuration = #"{"members": ["b"], "components": ["js", "margin"]}"#

    private func detector(_ configuration: String? = nil, state: [UInt8] = []) throws -> HostedDetector {
        try HostedDetector(
            PluginLibrary.linked("ensemble-disagreement"),
            configuration: configuration ?? self.configuration,
            extents: [1, 1, 2],
            classes: 2,
            members: ["b": 2],
            state: state
        )
    }

    /// Log-probabilities of two classes whose log-odds are `odds`.
    private func answer(odds: Double) -> [Float] {
        let norm = logarithm(1 + exponential(odds))
        return [Float(odds - norm), Float(-norm)]
    }

    /// The served model says 0.8 where it is right 8 times of 10: temperature 1. The member says 1/(1 + 0.25²) there, its
    /// log-odds are twice what they should be: temperature 2.
    @Test func temperaturesMakeTheLabelsMostLikely() throws {
        let odds = logarithm(4)
        let rows = [[Float]](repeating: [0, 0], count: 10)
        let state = try detector().fit(rows, labels: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0]) { _, model, _ in
            answer(odds: model == "b" ? 2 * odds : odds)
        }
        let text = String(decoding: state, as: UTF8.self)
        let numbers = text.dropFirst("{\"temperatures\":[".count).dropLast(2).split(separator: ",").compactMap {
            Double($0)
        }
        #expect(numbers.count == 2)
        #expect(abs((numbers.first ?? 0) - 1) < 1e-6)
        #expect(abs((numbers.last ?? 0) - 2) < 1e-6)

        // With it the two agree.
        let components = try detector(state: state).score([0, 0]) { model, _ in
            answer(odds: model == "b" ? 2 * odds : odds)
        }
        #expect((components["input:js"] ?? 1) < 1e-12)
        #expect(abs((components["input:margin"] ?? 0) + odds) < 1e-6)
    }

    @Test(arguments: [
        (nil, [-1, -1, -1]), (#"{"members": ["b"], "temperatures": "one"}"#, [0, 0, 1]),
    ])
    func withoutLabelsOrWishAllAreOne(_ configuration: String?, _ labels: [Int]) throws {
        let rows = [[Float]](repeating: [0, 0], count: 3)
        let state = try detector(configuration).fit(rows, labels: labels) { _, _, _ in answer(odds: 3) }
        #expect(String(decoding: state, as: UTF8.self) == "{\"temperatures\":[1.0,1.0]}")
    }

    /// A model that is always right would be made ever surer: the range ends that.
    @Test(arguments: [(0, "0.25"), (1, "8.0")]) func temperaturesStayInTheirRange(
        _ label: Int,
        _ expected: String
    ) throws {
        let state = try detector().fit([[0, 0], [0, 0]], labels: [label, label]) { _, _, _ in answer(odds: 3) }
        #expect(String(decoding: state, as: UTF8.self) == "{\"temperatures\":[\(expected),\(expected)]}")
    }

    @Test func aLabelThatIsNoClassFails() throws {
        let fault = #expect(throws: HostedFault.self) {
            try detector().fit([[0, 0]], labels: [2]) { _, _, _ in answer(odds: 1) }
        }
        #expect(fault == HostedFault(status: PICKET_FAILED, message: "a clean row has label 2, the model 2 classes"))
    }

    static let hostile: [(state: [UInt8], message: String)] = [
        ([0xff, 0xfe], "state: found 2 bytes that are no text, expected JSON"),
        (Array("{".utf8), "state: config: found \"{\", expected a JSON object"),
        (Array("null".utf8), "state: temperatures: is missing"),
        (Array(#"{"temperatures":[1]}"#.utf8), "state: found 1 temperatures, expected 2, one a model"),
        (
            Array(#"{"temperatures":[1,0]}"#.utf8),
            "state: temperatures[1]: found 0.0, expected a number from 0.25 to 8"
        ),
        (
            Array(#"{"temperatures":[1,-1e308]}"#.utf8),
            "state: temperatures[1]: found -1e+308, expected a number from 0.25 to 8"
        ),
        (Array(#"{"temperatures":[1,"x"]}"#.utf8), "state: temperatures[1]: found \"x\", expected a number"),
        (Array(#"{"temperatures":[1,1],"more":1}"#.utf8), "state: more: is no setting that is known here"),
    ]

    @Test(arguments: hostile) func hostileStatesAreErrors(_ hostile: (state: [UInt8], message: String)) {
        #expect(throws: HostedFault(status: PICKET_INVALID, message: hostile.message)) {
            try detector(state: hostile.state)
        }
    }
}
