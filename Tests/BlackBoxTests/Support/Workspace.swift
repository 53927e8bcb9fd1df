import Foundation

/// A folder of its own for one test, with a short path, since paths of sockets are bounded.
final class Workspace {
    let path: String

    init() throws {
        var template = Array("/tmp/picket-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Unusable("mkdtemp: \(String(cString: strerror(errno)))") }
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in here.
    func at(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ bytes: some Sequence<UInt8>, _ name: String) throws {
        let file = URL(filePath: at(name))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file)
    }

    func write(_ text: String, _ name: String) throws { try write(text.utf8, name) }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: at(name)))) }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: at(name)) }

    /// Copies a file from elsewhere.
    func copy(_ source: String, _ name: String) throws {
        try write(try Data(contentsOf: URL(filePath: source)), name)
    }

    func picket(_ arguments: String...) throws -> Finished { try Child.run(Products.picket, arguments, in: path) }

    func picketd(_ arguments: String...) throws -> Finished { try Child.run(Products.picketd, arguments, in: path) }
}
