import CPicketABI
import Testing

/// Fit and score against numpy, scipy and scikit-learn, through the C table.
@Suite struct FeatureSpaceGoldenTests {
    static let operators = ["early": "Relu", "middle": "Clip", "late": "Relu"]
    static let measures = #"["mahalanobis", "mahalanobis-min", "mahalanobis-margin", "knn", "dknn"]"#

    /// The case's model: rows are numbers of a list.
    static func models(_ golden: LearningCases.FeatureSpace) throws -> [String: ModelStand] {
        let layers = try ["early", "middle", "late"].map { name in
            let layer = try #require(golden.layers[name])
            return (
                layer: ModelStand.Layer(
                    name: "/\(name)/output_0",
                    operatorType: operators[name, default: ""],
                    extents: layer.extents
                ),
                values: try LearningCases.rows(layer.file, of: layer.extents.reduce(1, *))
            )
        }
        let answers = try LearningCases.rows(golden.answers, of: max(golden.classes, 1))
        return ["served": Stands.listed(classes: golden.classes, answers: answers, layers: layers)]
    }

    static func configuration(_ golden: LearningCases.FeatureSpace) -> String {
        let settings = golden.config.map { "\"\($0)\": \($1)" }
        let components = golden.classes > 0 ? measures : #"["mahalanobis", "knn"]"#
        return "{\((settings + ["\"components\": \(components)"]).joined(separator: ", "))}"
    }

    static func fitted(_ golden: LearningCases.FeatureSpace, _ plugin: UnsafePointer<picket_plugin>) throws -> [UInt8] {
        let bench = try Bench(
            plugin,
            configuration: configuration(golden),
            kind: PICKET_SUBJECT_TENSOR,
            models: models(golden)
        )
        return try bench.fit((0..<golden.fitted).map { [Float($0)] }, labels: golden.labels)
    }

    @Test(arguments: LearningCases.all.feature_space)
    func componentsAgree(_ golden: LearningCases.FeatureSpace) throws {
        for plugin in [Tables.featureSpace, try Tables.loaded("feature-space")] {
            let bench = try Bench(
                plugin,
                configuration: FeatureSpaceGoldenTests.configuration(golden),
                kind: PICKET_SUBJECT_TENSOR,
                models: FeatureSpaceGoldenTests.models(golden),
                state: FeatureSpaceGoldenTests.fitted(golden, plugin)
            )
            for (index, expected) in golden.components.enumerated() {
                let found = try bench.score([Float(golden.fitted + index)])
                #expect(differences(found, expected, tolerance: 2e-4) == [], "row \(index)")
            }
        }
    }

    /// The same rows teach the same bytes: a calibration can be repeated.
    @Test func fitsAreRepeatable() throws {
        let golden = LearningCases.all.feature_space[0]
        let first = try FeatureSpaceGoldenTests.fitted(golden, Tables.featureSpace)
        #expect(try FeatureSpaceGoldenTests.fitted(golden, Tables.featureSpace) == first)
    }
}
