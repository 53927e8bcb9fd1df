import CPicketABI
import Foundation
import Testing

@Suite struct ReconstructionTests {
    /// The served model of the cases: a formula, the same in make_cases.py.
    static func answers(_ row: [Float]) -> [Float] {
        let scale = 6 / Double(row.count).squareRoot()
        let logits = (1...5).map { label in
            scale
                * row.enumerated().reduce(0.0) { sum, element in
                    sum + sin(0.37 * Double(label) * Double(element.offset + 1)) * Double(element.element)
                }
        }
        let peak = logits.max() ?? 0
        let norm = peak + log(logits.reduce(0) { $0 + exp($1 - peak) })
        return logits.map { Float($0 - norm) }
    }

    static func served(_ extents: [Int], classes: Int = 5) -> ModelStand {
        ModelStand(classCount: classes, extents: extents) { row in [PICKET_LOG_PROBABILITIES: answers(row)] }
    }

    static func autoencoder(_ extents: [Int], drawing: [Float], as shape: [Int]? = nil) -> ModelStand {
        let layers = [
            ModelStand.Layer(name: "waist", operatorType: "Relu", extents: [4]),
            ModelStand.Layer(name: "drawn", operatorType: "Sigmoid", extents: shape ?? extents),
        ]
        return ModelStand(classCount: 0, extents: extents, layers: layers) { _ in
            ["waist": [0, 1, 2, 3], "drawn": drawing]
        }
    }

    @Test(arguments: LearningCases.all.reconstruction)
    func componentsAgree(_ golden: LearningCases.Reconstruction) throws {
        let size = golden.extents.reduce(1, *)
        let drawing = try LearningCases.rows(golden.drawn, of: size)[0]
        for plugin in [Tables.reconstruction, try Tables.loaded("reconstruction")] {
            let bench = try Bench(
                plugin,
                configuration: #"{"autoencoder": "ae", "range": \#(golden.range)}"#,
                isOnGrid: golden.grid,
                models: [
                    "served": ReconstructionTests.served(golden.extents),
                    "ae": ReconstructionTests.autoencoder(golden.extents, drawing: drawing),
                ]
            )
            let components = try bench.score(LearningCases.rows(golden.row, of: size)[0])
            #expect(differences(components, golden.components, tolerance: 1e-5) == [])
            #expect(bench.log.lines == ["reconstruction of served: drawn of ae"])
        }
    }

    private static func bench(
        _ configuration: String,
        shape: [Int]? = nil,
        row: [Int] = [1, 2, 3],
        classes: Int = 5,
        kind: Int32 = PICKET_SUBJECT_IMAGE,
        drawing: [Float] = [-0.5, 0, 0.3, 0.5, 1, 7]
    ) throws -> Bench {
        try Bench(
            Tables.reconstruction,
            configuration: configuration,
            kind: kind,
            models: [
                "served": served([1, 2, 3], classes: classes),
                "ae": autoencoder(row, drawing: drawing, as: shape),
            ]
        )
    }

    /// The reconstruction is held to the pixels' range and rounded to the grid.
    @Test func reconstructionsAreRows() throws {
        let bench = try ReconstructionTests.bench(#"{"autoencoder": "ae"}"#)
        let restored = try bench.evidence([0, 0, 0, 0, 0, 0])[0].elements
        #expect(restored == [0, 0, Float(76) / 255, Float(128) / 255, 1, 1])
        #expect(bench.graph.keys == ["reconstruction/grid:0.0:1.0"])
        let plain = try ReconstructionTests.bench(#"{"autoencoder": "ae"}"#, kind: PICKET_SUBJECT_TENSOR)
        #expect(try plain.evidence([0, 0, 0, 0, 0, 0])[0].elements == [-0.5, 0, 0.3, 0.5, 1, 7])
    }

    /// Every temperature has a component, under a name that hosts take; a list of none has none.
    @Test func temperaturesAreComponents() throws {
        func components(_ temperatures: String) throws -> [String] {
            try ReconstructionTests.bench(#"{"autoencoder": "ae", "temperatures": \#(temperatures)}"#).graph.components
        }
        #expect(
            try components("[1, 0.1, 2.5, 1000]").prefix(6) == ["l1", "l2", "js:t1", "js:t0.1", "js:t2.5", "js:t1000"]
        )
        #expect(try components("[]") == ["l1", "l2", "margin", "runner-up", "label"])
        let bench = try ReconstructionTests.bench(
            #"{"autoencoder": "ae", "temperatures": [1, 40], "components": ["js:t40", "js:t1"]}"#
        )
        let found = try bench.score([0, 0.2, 0.4, 0.6, 0.8, 1])
        // Softer answers lie nearer to each other.
        #expect(try #require(found["js:t40"]) < #require(found["js:t1"]))
        #expect(try #require(found["js:t40"]) > 0)
    }

    /// Distances alone ask the served model nothing more.
    @Test func distancesCostNoPassOfTheServedModel() throws {
        let bench = try ReconstructionTests.bench(#"{"autoencoder": "ae", "components": ["l2", "l1"]}"#)
        let runs = bench.graph.nodes.filter { if case .run = $0.kind { true } else { false } }
        #expect(runs.count == 1)
        #expect(bench.graph.components == ["l2", "l1"])
        let embedding = try ReconstructionTests.bench(#"{"autoencoder": "ae"}"#, classes: 0)
        #expect(embedding.graph.components == ["l1", "l2"])
    }

    @Test func answersThatAreNoNumbersFail() throws {
        let bench = try ReconstructionTests.bench(
            #"{"autoencoder": "ae", "components": ["l1"]}"#,
            drawing: [.nan, 0, 0, 0, 0, 0]
        )
        let sentence = "the reconstruction is not finite"
        #expect(throws: HostedFault(status: PICKET_FAILED, message: sentence)) { try bench.score([0, 0, 0, 0, 0, 0]) }
    }

    struct Refused: Sendable {
        let configuration: String
        let message: String
        var shape: [Int]?
        var row = [1, 2, 3]
    }

    static let refused: [Refused] = [
        .init(
            configuration: "{}",
            message: "autoencoder: is missing, expected the name of a model in the configuration"
        ),
        .init(configuration: #"{"autoencoder": "nobody"}"#, message: "the configuration has no model nobody"),
        .init(
            configuration: #"{"autoencoder": "ae"}"#,
            message: "autoencoder: found ae with rows of 1 × 3 × 3, expected 1 × 2 × 3 as the served model takes",
            row: [1, 3, 3]
        ),
        .init(
            configuration: #"{"autoencoder": "ae"}"#,
            message:
                "autoencoder: ae has no tensor of 1 × 2 × 3 as rows are, its last is drawn with 2 × 3 × 1; name it as "
                + "output",
            shape: [2, 3, 1]
        ),
        .init(
            configuration: #"{"autoencoder": "ae", "output": "waist"}"#,
            message: "output: found waist of ae with 4, expected 1 × 2 × 3 as rows are"
        ),
        .init(
            configuration: #"{"autoencoder": "ae", "temperatures": [0]}"#,
            message: "temperatures: found 0.0, expected numbers from 0.1 to 1000, each once"
        ),
        .init(
            configuration: #"{"autoencoder": "ae", "temperatures": [10, 40, 10]}"#,
            message: "temperatures: found 10.0, expected numbers from 0.1 to 1000, each once"
        ),
        .init(
            configuration: #"{"autoencoder": "ae", "temperatures": [40, 1e300]}"#,
            message: "temperatures: found 1e+300, expected numbers from 0.1 to 1000, each once"
        ),
        .init(
            configuration: #"{"autoencoder": "ae", "temperatures": [5], "components": ["js:t10"]}"#,
            message: "components: found js:t10, expected one of l1, l2, js:t5, margin, runner-up, label"
        ),
        .init(
            configuration: #"{"autoencoder": "ae", "range": [1, 0]}"#,
            message: "range: found [1.0, 0.0], expected [low, high] of the reconstruction's pixels, within ±1000000"
        ),
        // One number in float32, whose extent nothing can be divided by; and one whose reciprocal is none.
        .init(
            configuration: #"{"autoencoder": "ae", "range": [1, 1.00000000001]}"#,
            message: "range: found [1.0, 1.00000000001], expected [low, high] of the reconstruction's pixels, within "
                + "±1000000"
        ),
        .init(
            configuration: #"{"autoencoder": "ae", "range": [0, 1e-40]}"#,
            message: "range: found [0.0, 1e-40], expected [low, high] of the reconstruction's pixels, within ±1000000"
        ),
        .init(
            configuration: #"{"autoencoder": "ae", "components": ["l3"]}"#,
            message: "components: found l3, expected one of l1, l2, js:t10, js:t40, margin, runner-up, label"
        ),
    ]

    @Test(arguments: refused) func refusesWhatItCannotUse(_ refused: Refused) throws {
        #expect(throws: HostedFault(status: PICKET_INVALID, message: refused.message)) {
            try ReconstructionTests.bench(refused.configuration, shape: refused.shape, row: refused.row)
        }
    }
}
