import Foundation
import PicketInference
import PicketTensor
import Testing

/// A one-node model with its inputs and what onnxruntime computes for them; see `Tests/Cases/operators/make.py`.
struct OperatorCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Array: Decodable, Sendable {
        var type: String
        var shape: [Int]
        var data: Data

        var tensor: Tensor {
            guard let elementType = ElementType(rawValue: type) else {
                preconditionFailure("\(type) is no element type")
            }
            do {
                return try data.withUnsafeBytes { try Tensor(elementType, shape: Shape(shape), copying: $0) }
            } catch {
                preconditionFailure("a case holds a broken tensor: \(error)")
            }
        }
    }

    struct Attribute: Decodable, Sendable {
        var int: Int64?
        var float: Float?
        var string: String?
        var tensor: Array?
        var ints: [Int64]?
        var floats: [Float]?

        var value: AttributeValue {
            if let int { return .int(int) }
            if let float { return .float(float) }
            if let string { return .string(string) }
            if let tensor { return .tensor(ConstantTensor(tensor.tensor)) }
            if let ints { return .ints(ints) }
            return .floats(floats ?? [])
        }
    }

    var name: String
    var opset: Int
    var attributes: [String: Attribute]
    var inputs: [Array?]
    var constant: [Int]
    /// Inputs whose content the shape rule needs, so that they are initialisers always.
    var known: [Int]?
    var output: Array
    /// Results after the first, where the case has some; null where nobody wants one.
    var further: [Array?]?
    var tolerance: Float

    /// All results, in order.
    var outputs: [Array?] { [output] + (further ?? []) }

    /// Added after decoding: the file's name up to its first point.
    var operatorName: String?

    var testDescription: String { "\(operatorName ?? "") \(name), opset \(opset)" }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Cases/operators").standardizedFileURL

    static let all: [OperatorCase] = {
        do {
            let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            return try files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.flatMap { file in
                try JSONDecoder().decode([OperatorCase].self, from: Data(contentsOf: file)).map { decoded in
                    var decoded = decoded
                    decoded.operatorName = file.lastPathComponent.split(separator: ".").first.map(String.init)
                    return decoded
                }
            }
        } catch {
            preconditionFailure("the operator cases do not read: \(error)")
        }
    }()

    /// The graph of the one node.
    ///
    /// - Parameter constants: which inputs are known beforehand.
    func graph(constants: Set<Int>) throws -> Graph {
        var builder = GraphBuilder()
        let operands = inputs.enumerated().map { index, input in
            input.map { input in
                constants.contains(index)
                    ? builder.constant(input.tensor)
                    : builder.input("input\(index)", type: input.tensor.elementType, input.shape.map(Dimension.known))
            }
        }
        let results = try builder.node(
            operatorName ?? "",
            operands,
            attributes: attributes.mapValues(\.value),
            opset: opset,
            results: outputs.map { $0 != nil }
        )
        return builder.finish(results.compactMap { $0 })
    }

    /// The inputs that are not known beforehand, by name.
    func feeds(constants: Set<Int>) -> [String: Tensor] {
        var feeds: [String: Tensor] = [:]
        for (index, input) in inputs.enumerated() where !constants.contains(index) {
            feeds["input\(index)"] = input?.tensor
        }
        return feeds
    }
}
