import ArgumentParser
import PicketEvaluation
import PicketProtocol
import PicketServer

struct ClassifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classify",
        abstract: "Ask a daemon about samples, each in a request of its own.",
        discussion: """
            A request with a flagged row is refused as a whole in mode enforce, and nothing says which row it was: ask \
            about one sample at a time, as this command does unless --rows says otherwise.
            """
    )

    @Option(help: "The daemon's Unix socket.", completion: .file())
    var socket: String

    @Option(help: "A guarded model.")
    var model: String

    @Option(help: "Samples: an .npz file (its x) or a .npy file; may be given several times.")
    var input: [String]

    @Option(help: "Samples in one request.")
    var rows = 1

    @Option(help: "What 0 and 255 of uint8 samples stand for, as LOW,HIGH.")
    var range = "0,1"

    @Flag(help: "Print a table with a line a file instead of a line a sample.")
    var summary = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard rows > 0 else { throw ValidationError("--rows \(rows): expected 1 or more") }
        _ = try ends()
    }

    private func ends() throws -> ClosedRange<Float> {
        let numbers = range.split(separator: ",").compactMap { Float($0) }
        guard numbers.count == 2, numbers[0] < numbers[1] else {
            throw ValidationError("--range \(range): expected two numbers, the smaller first, such as 0,1")
        }
        return numbers[0]...numbers[1]
    }

    func run() async throws {
        try await reporting {
            let range = try ends()
            let (socket, model, input, rows) = (socket, model, input, rows)
            let answers = try await InferenceClient.connected(to: socket) { client in
                var asker = try await Asker(&client, model: model, range: range)
                var answers: [(file: String, Classification)] = []
                for path in input {
                    let samples =
                        path.hasSuffix(".npy")
                        ? try DataSet(npy: path, sampleRank: asker.sampleRank)
                        : try DataSet.load(path: path, picture: nil)
                    answers.append((path, try await asker.ask(&client, about: samples, rows: rows)))
                }
                return answers
            }
            if json {
                try printJSON(ClassificationReport(model: model, rows: answers.flatMap { $0.1.rows }))
            } else if summary {
                print(ClassificationSummary(answers).text)
            } else {
                for (file, classification) in answers {
                    for (index, row) in classification.rows.enumerated() {
                        print(
                            "\(file)[\(index)]  \(row.verdict ?? "–")  label \(row.label.map(String.init) ?? "–")  "
                                + "confidence \(decimal(row.confidence))  score \(decimal(row.score))"
                        )
                    }
                }
            }
        }
    }
}
