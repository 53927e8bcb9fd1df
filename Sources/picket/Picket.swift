import ArgumentParser

@main
struct Picket: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "picket",
        abstract: "Calibrate, evaluate and inspect guarded classifiers.",
        version: "0.1.0",
        subcommands: [
            InitCommand.self, InspectCommand.self, RunCommand.self, BenchCommand.self, CalibrateCommand.self,
            EvaluateCommand.self, TuneCommand.self, ClassifyCommand.self, StatusCommand.self, RecordsCommand.self,
        ]
    )
}
