import PicketConfiguration
import PicketEvaluation
import Testing

@Suite("Tuning the example") struct TuneRunTests {
    private static func run(
        _ configuration: Configuration,
        attacked: [String] = [ExampleStudy.attacked],
        change: (inout TuneRequest) -> Void = { _ in }
    ) async throws -> TuneReport {
        var request = TuneRequest(cleanPath: ExampleStudy.clean, adversarialPaths: attacked, passes: 2)
        request.rowLimit = 12
        change(&request)
        return try await TuneRun(configuration, model: "fashion", logger: ExampleStudy.logger).run(request) { _ in }
    }

    private static let cheap = "{ plugin: feature-squeezing, config: { squeezers: [ { bit-depth: 3 } ] } }"

    /// Too few rows of a class keep a choice from being promised anything, not from being made.
    @Test func shortageInAClassIsReported() async throws {
        let configuration = try ExampleStudy.configuration(
            [Self.cheap],
            edits: [("false-positive-rate: 0.05", "false-positive-rate: 0.024\n    class-conditional: true")]
        )
        let report = try await Self.run(configuration)
        #expect(report.verified == nil)
        #expect(report.notVerified?.contains("of class ") == true, "\(report.notVerified ?? "")")
        #expect(!report.detectors.isEmpty)
    }

    @Test func verifiedWhereRowsSuffice() async throws {
        let report = try await Self.run(ExampleStudy.configuration([Self.cheap]))
        #expect(report.verified != nil && report.notVerified == nil)
    }

    /// A set given twice would count twice, whatever its file is called.
    @Test func equalSetsAreRefused() async throws {
        let configuration = try ExampleStudy.configuration([Self.cheap])
        let again = ExampleStudy.attacked.replacing("/data/", with: "/./data/")
        let fault = await #expect(throws: DataSetFault.self) {
            try await Self.run(configuration, attacked: [ExampleStudy.attacked, again])
        }
        #expect(
            fault?.description == "\(again): the same samples as \(ExampleStudy.attacked), "
                + "expected each adversarial set once"
        )
    }
}
