import ArgumentParser
import Glibc
import PicketInference

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract:
            "Tell what a model file holds, and whether Picket runs it. Exits with 65 where something is unsupported."
    )

    @Argument(help: "An ONNX file.", completion: .file(extensions: ["onnx"]))
    var model: String

    @Flag(help: "Print JSON.")
    var json = false

    /// The JSON of `inspect`, a contract to which keys may be added.
    private struct Inspection: Encodable {
        struct Port: Encodable {
            var name: String
            var type: String
            /// Extents; what the model leaves open by name.
            var shape: [Extent]?
        }

        enum Extent: Encodable {
            case known(Int)
            case open(String)

            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                switch self {
                case .known(let extent): try container.encode(extent)
                case .open(let name): try container.encode(name)
                }
            }
        }

        struct Unsupported: Encodable {
            var node: String
            var `operator`: String
            var reason: String
        }

        var inputs: [Port]
        var outputs: [Port]
        var opset: Int
        var irVersion: Int
        var producer: String
        var nodes: Int
        var operators: [String: Int]
        var parameters: Int
        var flops: Int?
        var batch: String?
        var arenaBytes: Int?
        var weightBytes: Int?
        var isa: String?
        var unsupported: [Unsupported]

        enum CodingKeys: String, CodingKey {
            case inputs, outputs, opset, producer, nodes, operators, parameters, flops, batch, isa, unsupported
            case irVersion = "ir_version"
            case arenaBytes = "arena_bytes"
            case weightBytes = "weight_bytes"
        }
    }

    func run() async throws {
        try await reporting {
            let inspection = try inspect()
            if json { try printJSON(inspection) } else { print(text(inspection)) }
            if !inspection.unsupported.isEmpty { throw ExitCode(EX_DATAERR) }
        }
    }

    private func inspect() throws -> Inspection {
        let report = try naming(model) { try ModelReport(path: model) }
        var inspection = Inspection(
            inputs: report.inputs.map(port),
            outputs: report.outputs.map(port),
            opset: report.opset,
            irVersion: report.irVersion,
            producer: report.producer,
            nodes: report.nodes,
            operators: report.operators,
            parameters: report.parameters,
            flops: report.floatingPointOperations,
            batch: report.batchMode?.description,
            unsupported: report.unsupported.map {
                Inspection.Unsupported(node: $0.node, operator: $0.operatorName, reason: $0.reason)
            }
        )
        guard report.unsupported.isEmpty else { return inspection }
        let compiled = try naming(model) { try CompiledModel(Model(path: model)) }
        inspection.isa = compiled.isaLevel
        if let memory = try? compiled.memory(rows: 1) {
            inspection.arenaBytes = memory.arenaBytes
            inspection.weightBytes = memory.weightBytes
        }
        return inspection
    }

    private func port(_ port: Model.Port) -> Inspection.Port {
        Inspection.Port(
            name: port.name,
            type: "\(port.fact.elementType)",
            shape: port.fact.dimensions?.map { dimension in
                dimension.extent.map(Inspection.Extent.known) ?? .open(dimension.description)
            }
        )
    }

    private func text(_ inspection: Inspection) -> String {
        var lines: [String] = []
        for (title, ports) in [("input", inspection.inputs), ("output", inspection.outputs)] {
            for port in ports {
                let shape = port.shape?.map { extent in
                    switch extent {
                    case .known(let number): "\(number)"
                    case .open(let name): name
                    }
                }
                lines.append("\(title)  \(port.name)  \(port.type) [\(shape?.joined(separator: ", ") ?? "?")]")
            }
        }
        lines.append("opset \(inspection.opset), \(inspection.nodes) nodes, \(inspection.parameters) parameters")
        if let flops = inspection.flops { lines.append("\(flops) floating-point operations a row") }
        if let batch = inspection.batch { lines.append("batch: \(batch)") }
        if let arena = inspection.arenaBytes, let weights = inspection.weightBytes {
            lines.append(
                "arena \(arena) bytes a row's pass, packed weights \(weights) bytes, \(inspection.isa ?? "?") kernels"
            )
        }
        lines.append(
            "operators: "
                + inspection.operators.sorted { $0.key < $1.key }.map { "\($0.key) ×\($0.value)" }
                .joined(separator: ", ")
        )
        lines += inspection.unsupported.map { "unsupported: \($0.operator) (node \($0.node)): \($0.reason)" }
        return lines.joined(separator: "\n")
    }
}
