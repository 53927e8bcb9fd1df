import PicketConfiguration
import PicketCrypto
package import PicketDetection
import PicketInference
import PicketTensor
import Synchronization

/// A model of the configuration, imported, compiled, and checked against what the configuration says of it.
package final class LoadedModel: Sendable {
    let name: String
    /// Whether clients may ask for it.
    let isServed: Bool
    let ports: (inputs: [PicketInference.Model.Port], outputs: [PicketInference.Model.Port])
    package let form: RowForm
    package let facts: ModelFacts

    /// Rows below which a second thread is not worth waking; from the arithmetic of one row.
    let smallestShare: Int

    /// What the model is compiled from anew when layers of it are asked for, and how.
    let source: ModelSource
    let precision: PicketInference.Precision
    let runnable: Mutex<Runnable>
    /// Held while the model is compiled anew: one after the other, so that no call's layers get lost.
    let compiling = Mutex(())

    /// What passes run.
    struct Runnable: Sendable {
        var compiled: CompiledModel
        /// Rows that one forward pass takes at most.
        var largestPass: Int
        /// Those that passes can hand out.
        var layers: Set<String> = []
    }

    /// Floating-point operations that take about as long as handing work to another thread and back.
    private static let operationsWorthSharing = 4_000_000

    /// - Parameters:
    ///   - input: what clients send; that of the guarded model where `specification` says nothing.
    ///   - output: what the model answers, likewise.
    /// - Throws: ``LoadFault`` naming what was found and expected.
    init(_ specification: PicketConfiguration.Model, input: ModelInput, output: ModelOutput) throws(LoadFault) {
        let path = specification.file.resolved
        precision = PicketInference.Precision(specification.precision)
        let model: PicketInference.Model
        let compiled: CompiledModel
        let largestPass: Int
        do {
            model = try PicketInference.Model(path: path)
            compiled = try CompiledModel(model, precision: precision)
            largestPass = try compiled.rowsPerPass()
            try LoadedModel.tryOut(compiled)
        } catch let fault as PrecisionFault {
            throw LoadFault(
                part: .precision,
                found: "\(fault.precision.rawValue) for model \(specification.name)",
                expected: "float32: \(fault.reason)"
            )
        } catch {
            throw LoadFault(part: .file, found: "\(error)", expected: "an ONNX model that Picket runs")
        }
        guard compiled.inputs.count == 1, let port = compiled.inputs.first else {
            let names = compiled.inputs.map(\.name).joined(separator: ", ")
            throw LoadFault(part: .file, found: "inputs \(names)", expected: "a model of one input")
        }
        guard let primary = compiled.outputs.first else {
            throw LoadFault(part: .file, found: "no outputs", expected: "a model with an output")
        }
        let rowShape = try LoadedModel.rowShape(port)
        do {
            form = try RowForm(input, servedShape: rowShape, elementType: port.fact.elementType)
        } catch {
            throw LoadFault(part: .input, found: error.found, expected: error.expected)
        }
        var classCount: Int?
        if output.kind != .tensor { classCount = try LoadedModel.classCount(primary) }
        source = model.source
        runnable = Mutex(Runnable(compiled: compiled, largestPass: largestPass))
        name = specification.name
        isServed = specification.serve
        ports = (compiled.inputs, compiled.outputs)
        facts = ModelFacts(
            name: specification.name,
            rowShape: form.canonicalShape,
            classCount: classCount,
            outputKind: OutputKind(output.kind),
            primaryOutput: primary.name,
            outputs: compiled.outputs.compactMap(LoadedModel.modelTensor),
            digest: LoadedModel.digest(of: model),
            interface: specification.canonicalText(input: input, output: output),
            layers: model.source.layers.map {
                PicketDetection.ModelLayer(name: $0.name, operatorType: $0.operatorName, rowShape: $0.rowShape)
            }
        )
        let operations = max(compiled.floatingPointOperations ?? 1, 1)
        smallestShare = max(LoadedModel.operationsWorthSharing / operations, 1)
    }

    private static func rowShape(_ port: PicketInference.Model.Port) throws(LoadFault) -> Shape {
        let extents = port.fact.dimensions?.dropFirst().map(\.extent) ?? []
        let known = extents.compactMap { $0 }
        guard known.count == extents.count, !known.isEmpty, let shape = try? Shape(validating: known),
            shape.elementCount > 0
        else {
            throw LoadFault(
                part: .file,
                found: "input \(port.name) of \(port.fact)",
                expected: "rows along the first axis, every other extent known"
            )
        }
        return shape
    }

    private static func classCount(_ port: PicketInference.Model.Port) throws(LoadFault) -> Int {
        guard port.fact.elementType == .float32, let dimensions = port.fact.dimensions, dimensions.count == 2,
            let classes = dimensions[1].extent, classes > 1
        else {
            throw LoadFault(
                part: .output,
                found: "output \(port.name) of \(port.fact)",
                expected: "float32 [N, classes] as the first output, or kind: tensor"
            )
        }
        return classes
    }

    private static func modelTensor(_ port: PicketInference.Model.Port) -> ModelTensor? {
        let extents = port.fact.dimensions?.dropFirst().map(\.extent) ?? [nil]
        let known = extents.compactMap { $0 }
        guard known.count == extents.count, let shape = try? Shape(validating: known) else { return nil }
        return ModelTensor(name: port.name, elementType: port.fact.elementType, rowShape: shape)
    }

    /// Over the very bytes that the graph was made from.
    private static func digest(of model: PicketInference.Model) -> String {
        let hasher = SHA256Hasher()
        for (index, file) in model.files.enumerated() {
            // One file's digest is that of its bytes; the sizes keep several apart.
            if index > 0 { hasher.update(Array("\(model.files[index - 1].byteCount)".utf8)) }
            file.withSpan { span in span.withUnsafeBytes { hasher.update($0) } }
        }
        return hasher.finalize().hex
    }
}

/// Why a model of the configuration is not loaded.
struct LoadFault: Error {
    /// The part of its configuration that is to blame.
    enum Part: Sendable {
        case file
        case input
        case output
        case precision
    }

    var part: Part
    var found: String
    var expected: String
}

extension PicketInference.Precision {
    init(_ precision: PicketConfiguration.Model.Precision) {
        switch precision {
        case .float32: self = .float32
        case .bfloat16: self = .bfloat16
        }
    }
}

extension OutputKind {
    init(_ kind: ModelOutput.Kind) {
        switch kind {
        case .logits: self = .logits
        case .probabilities: self = .probabilities
        case .tensor: self = .tensor
        }
    }
}
