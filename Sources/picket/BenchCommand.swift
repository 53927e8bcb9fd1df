import ArgumentParser
import Foundation
import PicketConfiguration
import PicketEvaluation
import PicketInference

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the native core on a model, or with --config what guarding a row costs over running it."
    )

    @Argument(help: "An ONNX file.", completion: .file(extensions: ["onnx"]))
    var model: String?

    @Option(
        help: "A configuration whose chain to measure, instead of a model.",
        completion: .file(extensions: ["yaml"])
    )
    var config: String?

    @Option(name: .customLong("model"), help: "With --config: the guarded model.")
    var guarded: String?

    @Option(help: "With --config: samples to send, an .npz file or a folder of pictures; made ones if left out.")
    var clean: String?

    @Option(help: "Rows of a pass, 1 to \(CompiledModel.maximumBatch).")
    var batch = 1

    @Option(help: "Threads that share out a pass.")
    var threads = 1

    @Option(help: "How the model multiplies: float32, or bfloat16 where this CPU can. With --config as the file says.")
    var precision: Precision?

    @Option(help: "Seconds to measure for.")
    var seconds = 2.0

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(
        help: ArgumentHelp(
            "Measure when told, beside other programs.",
            discussion: """
                Prints {"load_ms": …}, from opening the file to the first answer of one row; then, for each line ROWS SECONDS \
                on standard input, the milliseconds of each pass as one line of JSON.
                """
        )
    )
    var turns = false

    func validate() throws {
        guard (model == nil) == (config != nil), (config == nil) == (guarded == nil) else {
            throw ValidationError("expected MODEL.onnx, or --config FILE --model NAME")
        }
        guard clean == nil || config != nil else {
            throw ValidationError("--clean: expected with --config, whose chain is sent the samples")
        }
        guard !turns || config == nil else { throw ValidationError("--turns: expected with MODEL.onnx") }
        guard precision == nil || config == nil else {
            throw ValidationError("--precision: expected with MODEL.onnx; with --config the file says")
        }
        guard (1...CompiledModel.maximumBatch).contains(batch) else {
            throw ValidationError("--batch \(batch): expected 1 to \(CompiledModel.maximumBatch)")
        }
        guard (1...1024).contains(threads) else { throw ValidationError("--threads \(threads): expected 1 to 1024") }
        guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds \(seconds): expected up to 3600") }
    }

    func run() async throws {
        try await reporting {
            if let config, let guarded { try await runChain(config, guarded) }
            if let model, turns { try runTurns(model) } else if let model { try runModel(model) }
        }
    }

    private func runTurns(_ model: String) throws {
        let clock = ContinuousClock()
        let begin = clock.now
        let benchmark = try naming(model) {
            try CoreBenchmark(path: model, batch: 1, threads: threads, precision: precision ?? .float32)
        }
        if let first = CoreBenchmark.Turn("1 0") { _ = try benchmark.times(first) }
        try printLine(["load_ms": begin.duration(to: clock.now) / .milliseconds(1)])
        while let line = readLine() {
            guard let turn = CoreBenchmark.Turn(line) else {
                throw ValidationError("standard input has \"\(line)\", expected ROWS SECONDS")
            }
            try printLine(benchmark.times(turn))
        }
    }

    private func runModel(_ model: String) throws {
        let figures = try naming(model) {
            try CoreBenchmark(path: model, batch: batch, threads: threads, precision: precision ?? .float32)
                .run(for: .seconds(seconds))
        }
        if json { return try printJSON(figures) }
        print(
            "\(figures.model)  batch \(figures.batch), \(figures.threads) threads, \(figures.isa) kernels, "
                + figures.precision
        )
        print(
            "p50 \(decimal(figures.p50Milliseconds, digits: 4)) ms, p99 \(decimal(figures.p99Milliseconds, digits: 4)) ms, "
                + "\(decimal(figures.inferencesPerSecond, digits: 0)) inferences/s over \(figures.iterations) passes"
        )
    }

    /// At once, since the other side waits for it.
    private func printLine(_ value: some Encodable) throws {
        FileHandle.standardOutput.write(try JSONEncoder().encode(value) + Data("\n".utf8))
    }

    private func runChain(_ config: String, _ model: String) async throws {
        let benchmark = ChainBenchmark(
            try Configuration.load(path: config),
            model: model,
            cleanPath: clean,
            logger: .command
        )
        let figures = try await benchmark.run(rows: batch, threads: threads, for: .seconds(seconds))
        if json { return try printJSON(figures) }
        print(
            "\(figures.model)  \(figures.rows) rows, \(figures.threads) threads: \(figures.passesPerRequest) passes of "
                + "\(figures.rowsPerRequest) rows a request's row"
        )
        print(
            "plain p50 \(decimal(figures.plainMilliseconds, digits: 4)) ms, chain p50 "
                + "\(decimal(figures.chainMilliseconds, digits: 4)) ms (p99 \(decimal(figures.chainP99Milliseconds, digits: 4)) "
                + "ms): \(decimal(figures.ratio, digits: 2)) times"
        )
        print(
            "passes alone \(decimal(figures.passesMilliseconds, digits: 4)) ms: chain \(decimal(figures.overhead, digits: 2)) "
                + "times; a thread is busy \(decimal(figures.busyMilliseconds, digits: 4)) ms a request where some wait: "
                + "\(decimal(figures.busyOverhead, digits: 2)) times"
        )
    }
}
