import Foundation
import PicketInference
import PicketSchemas
import Testing

@Suite("External data")
struct ExternalDataTests {
    /// A folder with `models/m.onnx`, whose one weight lies where `entries` say, and files around it.
    private static func inFolder<Result>(
        _ entries: [(String, String)],
        dims: [Int64] = [4],
        _ body: (URL) throws -> Result
    ) throws -> Result {
        let root = FileManager.default.temporaryDirectory.appending(path: "picket-external-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let folder = root.appending(path: "models")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "data"),
            withIntermediateDirectories: true
        )
        let numbers: [Float] = [0, 1, 2, 3, 4, 5, 6, 7]
        let bytes = numbers.withUnsafeBytes { Data($0) }
        for place in ["outside.bin", "models/w.bin", "models/data/w.bin"] {
            try bytes.write(to: root.appending(path: place))
        }
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "link.bin"),
            withDestinationURL: root.appending(path: "outside.bin")
        )
        try FileManager.default.createSymbolicLink(at: folder.appending(path: "up"), withDestinationURL: root)
        var tensor = Onnx_TensorProto()
        tensor.name = "w"
        tensor.dataType = 1
        tensor.dims = dims
        tensor.dataLocation = .external
        tensor.externalData = entries.map { key, value in
            var entry = Onnx_StringStringEntryProto()
            entry.key = key
            entry.value = value
            return entry
        }
        let graph = ModelBuilder.graph(
            initializers: [tensor],
            nodes: [ModelBuilder.node("Add", ["x", "w"], ["y"], name: "sum")]
        )
        try Data(ModelBuilder.model(graph).bytes()).write(to: folder.appending(path: "m.onnx"))
        return try body(folder.appending(path: "m.onnx"))
    }

    @Test(
        "inside the folder is read where it lies",
        arguments: [
            ([("location", "w.bin")], [0, 1, 2, 3]),
            ([("location", "./data/w.bin"), ("offset", "16"), ("length", "16")], [4, 5, 6, 7]),
            ([("location", "data/w.bin"), ("offset", "4"), ("checksum", "unread")], [1, 2, 3, 4]),
        ] as [([(String, String)], [Float])]
    )
    func reads(entries: [(String, String)], expected: [Float]) throws {
        try Self.inFolder(entries) { file in
            let model = try Model(path: file.path)
            #expect(model.files.count == 2)
            let constant = try #require(model.graph.constants.values.first)
            #expect(constant.isSlice)
            #expect(constant.tensor().elements(of: Float.self) == expected)
        }
    }

    @Test(
        "anywhere else is refused, and so are numbers that do not fit",
        arguments: [
            ([("location", "../outside.bin")], "climbs"),
            ([("location", "data/../../outside.bin")], "climbs"),
            ([("location", "/etc/passwd")], "absolute"),
            ([("location", "")], "empty name"),
            ([("location", ".")], "names no file"),
            ([("location", "data//w.bin")], "empty name"),
            ([("location", "w.bin\0.txt")], "NUL"),
            ([("location", String(repeating: "d/", count: 3000))], "bytes long"),
            ([("location", "link.bin")], "symbolic link"),
            ([("location", "up/outside.bin")], "symbolic link"),
            ([("location", "data")], "not a regular file"),
            ([("location", "absent.bin")], "No such file"),
            ([("location", "w.bin/x")], "Not a directory"),
            ([("offset", "0")], "names no location"),
            ([("location", "w.bin"), ("location", "w.bin")], "twice"),
            ([("location", "w.bin"), ("offset", "-4")], "offset"),
            ([("location", "w.bin"), ("offset", "four")], "offset"),
            ([("location", "w.bin"), ("offset", "99999999999999999999")], "offset"),
            ([("location", "w.bin"), ("offset", "17")], "outside the 32 bytes"),
            ([("location", "w.bin"), ("offset", "9223372036854775807")], "outside the 32 bytes"),
            ([("location", "w.bin"), ("length", "15")], "expected 16"),
        ] as [([(String, String)], String)]
    )
    func refuses(entries: [(String, String)], reason: String) throws {
        try Self.inFolder(entries) { file in
            do {
                _ = try Model(path: file.path)
                Issue.record("imported")
            } catch let error as ImportError {
                #expect(error.description.contains(reason), "\(error)")
            }
        }
    }

    @Test("larger than the limit is refused")
    func limit() throws {
        try Self.inFolder([("location", "w.bin")]) { file in
            var limits = ImportLimits()
            limits.externalBytes = 31
            #expect(throws: ImportError.self) { try Model(path: file.path, limits: limits) }
        }
    }

    @Test("many tensors over one range do not multiply it")
    func shared() throws {
        try Self.inFolder([("location", "w.bin")], dims: [8]) { file in
            var model = try Onnx_ModelProto(serializedBytes: Data(contentsOf: file))
            let tensor = model.graph.initializer[0]
            model.graph.initializer = (0..<100).map { index in
                var copy = tensor
                copy.name = "w\(index)"
                return copy
            }
            try Data(model.bytes()).write(to: file)
            do {
                _ = try Model(path: file.path)
                Issue.record("imported")
            } catch let error as ImportError {
                #expect(error.description.contains("\"w2\""), "\(error)")
            }
        }
    }

    @Test("a file that is no regular file is refused without waiting for it")
    func fifo() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "picket-fifo-\(UUID().uuidString)").path
        #expect(mkfifo(path, 0o600) == 0)
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            _ = try Model(path: path)
            Issue.record("imported")
        } catch {
            #expect(error.description.contains("not a regular file"))
        }
    }
}
