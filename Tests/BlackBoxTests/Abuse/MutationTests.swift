import Foundation
import Testing

extension BlackBox {
    /// Damaged files: always an exit code that says so, never a signal, never more memory than stated.
    @OffPool @Suite struct MutationTests {
        /// What a process may have resident at its peak. Sound files of the example take about 50 MB.
        nonisolated static let boundBytes = 160 << 20

        private func expect(_ done: Finished, in codes: Set<Int32>, _ what: String) {
            #expect(done.code.map { codes.contains($0) } ?? false, "\(what): \(done)")
            #expect(done.peakBytes < MutationTests.boundBytes, "\(what): \(done.peakBytes) bytes")
            if done.code != 0 { #expect(done.errors.count + done.output.count > 10, "\(what) says why") }
        }

        @Test func modelsAreInspectedOrRefused() throws {
            let space = try Workspace()
            let folder = Products.cases + "/models"
            let small = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                .map { "\(folder)/\($0)/model.onnx" }.filter { FileManager.default.fileExists(atPath: $0) }
            let paths =
                small + ["fashion-cnn", "fashion-b", "fashion-c"].map { "\(Products.example)/models/\($0).onnx" }
            let models = try paths.map { Array(try Data(contentsOf: URL(filePath: $0))) }
            var mutations = Mutations(seed: 1)
            var codes: [Int32: Int] = [:]
            for number in 0..<300 {
                let bytes = mutations.damaged(mutations.pick(models), reach: 3000)
                try space.write(bytes, "mutant.onnx")
                let done = try space.picket("inspect", "mutant.onnx", "--json")
                expect(done, in: [0, EX_DATAERR], "model \(number)")
                codes[done.code ?? -1, default: 0] += 1
            }
            #expect((codes[0] ?? 0) > 20 && (codes[EX_DATAERR] ?? 0) > 10, "both kinds of mutants: \(codes)")
        }

        /// Those that can still be read are run, through the daemon's eyes.
        @Test func modelsAreLoadedOrRefused() throws {
            let served = Example.Edit("\(Products.example)/models/fashion-c.onnx", "mutant.onnx")
            let space = try Example.workspace([served])
            let bytes = Array(try Data(contentsOf: URL(filePath: Products.example + "/models/fashion-c.onnx")))
            var mutations = Mutations(seed: 2)
            for number in 0..<100 {
                try space.write(mutations.damaged(bytes, reach: 3000), "mutant.onnx")
                expect(
                    try space.picketd("--config", "picket.yaml", "--check"),
                    in: [EX_CONFIG],
                    "model \(number), which the calibration has not seen"
                )
            }
        }

        /// Arrays that `run` is given.
        @Test func arraysAreTakenOrRefused() throws {
            let space = try Workspace()
            let bytes = Array(try Data(contentsOf: URL(filePath: Products.cases + "/golden/images.npy")))
            var mutations = Mutations(seed: 5)
            for number in 0..<100 {
                try space.write(mutations.damaged(bytes, reach: 160), "mutant.npy")
                let done = try space.picket(
                    "run",
                    "\(Products.example)/models/fashion-c.onnx",
                    "--input",
                    "input=mutant.npy",
                    "--output-dir",
                    "out"
                )
                expect(done, in: [0, EX_DATAERR], "array \(number)")
            }
        }

        @Test func calibrationsAreRead() throws {
            let space = try Example.workspace()
            let sound = try space.bytes("calibration/fashion.json")
            var mutations = Mutations(seed: 3)
            var codes: [Int32: Int] = [:]
            for number in 0..<200 {
                // The front holds what stands alone, the long lists are behind.
                let front = String(decoding: sound.prefix(4000), as: UTF8.self)
                let mutant =
                    number % 2 == 0
                    ? mutations.damaged(sound, reach: 6000)
                    : Array(mutations.reworded(front).utf8) + sound.dropFirst(4000)
                try space.write(mutant, "calibration/fashion.json")
                let done = try space.picketd("--config", "picket.yaml", "--check")
                expect(done, in: [0, EX_CONFIG], "calibration \(number)")
                codes[done.code ?? -1, default: 0] += 1
            }
            #expect((codes[EX_CONFIG] ?? 0) > 100, "\(codes)")
        }

        @Test func configurationsAreRead() throws {
            let space = try Example.workspace()
            let sound = try space.text("picket.yaml")
            var mutations = Mutations(seed: 4)
            var codes: [Int32: Int] = [:]
            for number in 0..<200 {
                let mutant =
                    number % 2 == 0
                    ? mutations.damaged(Array(sound.utf8), reach: sound.utf8.count)
                    : Array(mutations.reworded(sound).utf8)
                try space.write(mutant, "mutant.yaml")
                let done = try space.picketd("--config", "mutant.yaml", "--check")
                expect(done, in: [0, EX_CONFIG], "configuration \(number)")
                if done.code == EX_CONFIG {
                    let lines = done.errors.split(separator: "\n").filter { !$0.contains(" warning picketd: ") }
                    #expect(lines.allSatisfy { $0.hasPrefix("mutant.yaml:") }, "configuration \(number): \(done)")
                }
                codes[done.code ?? -1, default: 0] += 1
            }
            #expect((codes[EX_CONFIG] ?? 0) > 50, "\(codes)")
        }
    }
}
