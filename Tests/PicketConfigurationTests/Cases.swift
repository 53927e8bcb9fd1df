import Foundation
import PicketConfiguration

/// Black-box cases: `NAME.yaml`, and beside it in `NAME.faults` the lines that it must give (none: it is valid).
enum Cases {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Cases/configuration")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name + ".yaml")))
    }

    static func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }

    static func expectedFaults(_ name: String) throws -> [String] {
        let text = try String(contentsOf: folder.appendingPathComponent(name + ".faults"), encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }

    /// The lines that a configuration gives.
    static func faults(_ bytes: [UInt8], file: String = "picket.yaml") -> [String] {
        do throws(ConfigurationFaults) {
            _ = try Configuration.parse(bytes, file: file, directory: "/etc/picket")
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    static func faults(_ text: String) -> [String] {
        faults(Array(text.utf8))
    }

    /// A valid configuration of which one top-level section, or a part of the only model or chain, is another.
    static func text(
        listen: String = "[ { unix: picket.sock } ]",
        input: String = "{ kind: image, range: [0, 1] }",
        precision: String? = nil,
        chain: String = "",
        config: String = "{}",
        weight: String? = nil,
        more: String = ""
    ) -> String {
        """
        listen: \(listen)
        models:
          - { name: m, file: m.onnx, input: \(input), output: { kind: logits }\(precision.map { ", precision: \($0)" } ?? "") }
        chains:
          - model: m
            calibration: c.json
            detectors: [ { plugin: p\(weight.map { ", weight: \($0)" } ?? ""), config: \(config) } ]
        \(chain.isEmpty ? "" : "    " + chain)
        \(more)
        """
    }
}
