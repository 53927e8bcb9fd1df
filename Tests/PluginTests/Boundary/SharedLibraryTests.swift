import CPicketABI
import Foundation
import PicketTensor
import Testing

/// Plugins in a process that is itself linked with what they are made of: nobody's symbols get in another's way.
@Suite struct SharedLibraryTests {
    @Test func librariesKeepToThemselves() throws {
        let loaded = try PluginLibrary.names.map { try PluginLibrary.loaded($0) }
        #expect(Set(loaded).count == loaded.count, "each library brings its own table")
        for (name, table) in zip(PluginLibrary.names, loaded) {
            #expect(try table != PluginLibrary.linked(name), "the library's logic is not the tests' own")
        }
        #expect(Tensor(zeros: .float32, shape: Shape([2, 3])).byteCount == 24)
    }

    /// RTLD_LOCAL: what a library shows is seen through its own handle only.
    @Test func entriesAreNotInTheGlobalScope() throws {
        for name in PluginLibrary.names { _ = try PluginLibrary.loaded(name) }
        #expect(dlsym(nil, PICKET_ENTRY_SYMBOL) == nil)
    }

    /// Detectors of all libraries at work from several threads give what they give alone.
    @Test func threadsDoNotDisturbEachOther() async throws {
        let golden = GoldenCase.all.filter { $0.picture != nil }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                for golden in golden {
                    group.addTask {
                        let detector = try HostedDetector(
                            PluginLibrary.loaded(golden.plugin),
                            configuration: golden.config.text,
                            extents: golden.extents,
                            members: ["member-b": 10, "member-c": 10]
                        )
                        let draws = golden.draws.mapValues { $0.compactMap { UInt64($0) } }
                        let row = try golden.row()
                        let first = try detector.render(row, draws: draws)
                        for _ in 0..<5 { #expect(try detector.render(row, draws: draws) == first) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
