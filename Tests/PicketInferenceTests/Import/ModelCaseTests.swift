import Foundation
import PicketInference
import Testing

@Suite("Model files kept as cases")
struct ModelCaseTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Cases/models").standardizedFileURL

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { FileManager.default.fileExists(atPath: folder.appending(path: "\($0)/case.txt").path) }
            .sorted()
    }()

    @Test("are there")
    func present() {
        #expect(Self.cases.count >= 9)
    }

    @Test("import or are refused as they say", arguments: cases)
    func run(_ name: String) throws {
        let place = Self.folder.appending(path: name)
        let text = try String(contentsOf: place.appending(path: "case.txt"), encoding: .utf8)
        let words = try #require(text.split(separator: "\n").first).split(separator: " ", maxSplits: 1).map(String.init)
        let expected = try #require(words.count == 2 ? words[1] : nil)
        let path = place.appending(path: "model.onnx").path
        if words[0] == "imports" {
            let graph = try Model(path: path).graph
            #expect(graph.nodes.map(\.operatorName).joined(separator: " ") == expected, "\(graph.listing)")
            #expect(try ModelReport(path: path).unsupported.isEmpty)
        } else {
            let parts = expected.components(separatedBy: " | ")
            do {
                _ = try Model(path: path)
                Issue.record("imported")
            } catch {
                for part in parts { #expect(error.description.contains(part), "\(error)") }
            }
        }
    }
}
