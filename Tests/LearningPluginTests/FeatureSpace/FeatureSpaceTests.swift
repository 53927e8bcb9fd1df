import CPicketABI
import Testing

/// Which layers are watched, and what is said where there are none.
@Suite struct FeatureSpaceTests {
    private static func layer(_ name: String, _ operatorType: String, _ extents: [Int]) -> ModelStand.Layer {
        ModelStand.Layer(name: name, operatorType: operatorType, extents: extents)
    }

    /// A small network: convolutions, activations, a gate, a vector at the end.
    static let network = [
        layer("conv1", "Conv", [8, 6, 6]), layer("relu1", "Relu", [8, 6, 6]), layer("conv2", "Conv", [8, 3, 3]),
        layer("relu2", "Relu", [8, 3, 3]), layer("gate", "Relu", [8, 1, 1]), layer("relu3", "Clip", [4, 3, 3]),
        layer("dense", "Gemm", [20]), layer("relu4", "Relu", [20]), layer("logits", "Gemm", [3]),
    ]

    private static func bench(
        _ configuration: String = "{}",
        layers: [ModelStand.Layer] = network,
        classes: Int = 3,
        state: [UInt8] = []
    ) throws -> Bench {
        try Bench(
            Tables.featureSpace,
            configuration: configuration,
            kind: PICKET_SUBJECT_TENSOR,
            models: ["served": Stands.constant(classes: classes, layers: layers)],
            state: state
        )
    }

    private static func tensors(_ bench: Bench) -> [String] {
        bench.graph.nodes.compactMap { node in
            if case .tensor(_, let name) = node.kind, name != PICKET_LOG_PROBABILITIES { name } else { nil }
        }
    }

    @Test func theDefaultIsThreeActivations() throws {
        let bench = try FeatureSpaceTests.bench()
        #expect(FeatureSpaceTests.tensors(bench) == ["relu1", "relu3", "relu4"])
        #expect(
            bench.graph.components == [
                "early:mahalanobis-margin", "middle:mahalanobis-margin", "late:mahalanobis-margin", "early:dknn",
                "middle:dknn", "late:dknn", "early:mahalanobis",
            ]
        )
        #expect(
            bench.log.lines == [
                "feature-space of served: early is relu1, Relu 8 × 6 × 6",
                "feature-space of served: middle is relu3, Clip 4 × 3 × 3",
                "feature-space of served: late is relu4, Relu 20",
            ]
        )
        // Maps come as statistics of their channels, vectors as they are.
        #expect(bench.graph.keys == ["feature-space/statistics", "feature-space/statistics"])
        #expect(bench.graph.wanted.map { bench.graph.nodes[$0].extents } == [[24], [12], [20], [3]])
    }

    @Test func graphsWithoutKnownActivationsGiveWhatTheyHave() throws {
        let plain = [
            FeatureSpaceTests.layer("sum", "Add", [4, 5, 5]), FeatureSpaceTests.layer("score", "Gemm", [3]),
            FeatureSpaceTests.layer("tokens", "MatMul", [7, 5]),
        ]
        let bench = try FeatureSpaceTests.bench(layers: plain)
        #expect(FeatureSpaceTests.tensors(bench) == ["sum", "score"])
    }

    @Test func namedLayersAreNumberedAndOnlyThoseLookedAtArePlanned() throws {
        let bench = try FeatureSpaceTests.bench(
            #"{"layers": ["dense", "conv2", "early"], "components": ["layer-1:knn", "early:dknn"], "dimensions": 9}"#
        )
        #expect(bench.graph.components == ["layer-1:knn", "early:dknn"])
        #expect(FeatureSpaceTests.tensors(bench) == ["conv2", "relu1"])
        #expect(bench.graph.keys == ["feature-space/statistics-projected:9", "feature-space/statistics-projected:9"])
    }

    @Test func statisticsOfChannels() throws {
        let bench = try FeatureSpaceTests.bench(
            #"{"layers": ["map"]}"#,
            layers: [FeatureSpaceTests.layer("map", "Relu", [2, 1, 5])]
        )
        let map: [Float] = [1, 2, 3, 4, 5, -1, 0, 0, 2, -1]
        let pooled = try bench.render(0, from: (map, [2, 1, 5]), to: [6])
        #expect(pooled == [3, 0, Float(2.0.squareRoot()), Float(1.2.squareRoot()), 1, 0.2])
    }

    struct Refused: Sendable {
        let configuration: String
        let message: String
        var layers = FeatureSpaceTests.network
        var classes = 3
        var status = PICKET_INVALID
    }

    static let refused: [Refused] = [
        .init(configuration: #"{"layer": []}"#, message: "layer: is no setting that is known here"),
        .init(configuration: #"{"layers": []}"#, message: "layers: found none, expected one layer or more"),
        .init(
            configuration: #"{"layers": ["early", "early"]}"#,
            message: "layers: found early twice, expected it once"
        ),
        .init(
            configuration: #"{"layers": ["relu9"]}"#,
            message:
                "layers[0]: found relu9, expected early, middle, late, or a layer of model served, whose 9 begin with "
                + "conv1, relu1, conv2"
        ),
        .init(
            configuration: #"{"neighbours": 0}"#,
            message: "neighbours: found 0, expected an integer from 1 to 128"
        ),
        .init(
            configuration: #"{"dimensions": 2000}"#,
            message: "dimensions: found 2000, expected an integer from 3 to 1024"
        ),
        .init(configuration: #"{"components": []}"#, message: "components: found none, expected one component or more"),
        .init(
            configuration: "{}",
            message: "model served shows no layers to look into",
            layers: [],
            status: PICKET_UNSUPPORTED
        ),
    ]

    @Test(arguments: refused) func refusesWhatItCannotUse(_ refused: Refused) throws {
        #expect(throws: HostedFault(status: refused.status, message: refused.message)) {
            try FeatureSpaceTests.bench(refused.configuration, layers: refused.layers, classes: refused.classes)
        }
    }

    @Test(arguments: ["dknn", "mahalanobis-min", "early:dknn", "sharpness"])
    func componentsThatAreNotOffered(_ component: String) throws {
        let fault = #expect(throws: HostedFault.self) {
            try FeatureSpaceTests.bench(#"{"components": ["\#(component)"]}"#, classes: 0)
        }
        #expect(fault?.message.hasPrefix("components: found \(component), expected one of mahalanobis,") == true)
    }

    @Test func embeddingsHaveDistancesOnly() throws {
        let bench = try FeatureSpaceTests.bench(classes: 0)
        #expect(
            bench.graph.components == [
                "early:mahalanobis", "middle:mahalanobis", "late:mahalanobis", "early:knn", "middle:knn", "late:knn",
            ]
        )
    }

    @Test func nothingIsScoredBeforeTheFit() throws {
        let sentence = "feature-space has learnt nothing yet: calibrate the chain"
        #expect(throws: HostedFault(status: PICKET_FAILED, message: sentence)) {
            try FeatureSpaceTests.bench().score([0])
        }
    }

    @Test func fitsThatCannotBe() throws {
        let bench = try FeatureSpaceTests.bench()
        let few = "feature-space fits 10 clean rows or more, found 9"
        #expect(throws: HostedFault(status: PICKET_INVALID, message: few)) {
            try bench.fit((0..<9).map { [Float($0)] })
        }
        let label = "clean row 3 has label 3, the model has 3 classes"
        #expect(throws: HostedFault(status: PICKET_INVALID, message: label)) {
            try bench.fit((0..<12).map { [Float($0)] }, labels: (0..<12).map { $0 })
        }
        let fault = #expect(throws: HostedFault.self) {
            try bench.fit((0..<12).map { [$0 == 5 ? .nan : Float($0)] })
        }
        #expect(fault?.message == "a layer's features are not finite")
    }

    /// Rows that are all the same teach no spread; scores are numbers all the same.
    @Test func rowsWithoutSpread() throws {
        let state = try FeatureSpaceTests.bench().fit((0..<12).map { _ in [1] })
        let bench = try FeatureSpaceTests.bench(state: state)
        for row in [[Float(1)], [2]] {
            #expect(try bench.score(row).values.allSatisfy(\.isFinite))
        }
    }

    /// More clean rows than are kept to compare with.
    @Test func manyRowsAreThinned() throws {
        let rows = (0..<1500).map { [Float($0 % 100) * 0.01] }
        let layers = [FeatureSpaceTests.layer("relu", "Relu", [5])]
        let configuration = #"{"layers": ["relu"], "components": ["knn", "mahalanobis"]}"#
        let state = try FeatureSpaceTests.bench(configuration, layers: layers).fit(rows)
        let bench = try FeatureSpaceTests.bench(configuration, layers: layers, state: state)
        let near = try bench.score([0.5])
        let far = try bench.score([7])
        for name in ["layer-0:knn", "layer-0:mahalanobis"] {
            #expect(far[name, default: 0] > 10 * near[name, default: .infinity] + 1)
        }
        #expect(state.count < 1100 * 5 * 4 + 1100 * 4 + 1000)
    }
}
