public import PicketConfiguration
public import PicketDetection
import PicketTensor

/// Every model of a configuration, loaded, and the threads that run them.
public final class ModelStore: Sendable {
    private let configuration: Configuration
    private let models: [LoadedModel]
    private let core: CoreRunner

    /// Runs the models, for chains and calibrations.
    public var runner: any ModelRunner { core }

    /// Loads all models.
    ///
    /// - Parameter threads: worker threads of the core; nil: as the configuration says, or as many as CPUs.
    /// - Throws: a fault for each model that does not load or is not what the configuration says.
    public init(_ configuration: Configuration, threads: Int? = nil) throws(ConfigurationFaults) {
        var faults: [ConfigurationFault] = []
        var models: [LoadedModel] = []
        for specification in configuration.models {
            do {
                let (input, output) = try ModelStore.interface(of: specification, in: configuration)
                models.append(try LoadedModel(specification, input: input, output: output))
            } catch {
                let (location, key) = ModelStore.place(of: error.part, in: specification)
                faults.append(
                    configuration.fault(
                        at: SourceLocation(line: location.line, column: location.column, key: key),
                        value: error.found,
                        expected: error.expected
                    )
                )
            }
        }
        guard faults.isEmpty else { throw ConfigurationFaults(faults) }
        self.configuration = configuration
        self.models = models
        core = CoreRunner(models: models, threads: threads ?? configuration.compute.threads ?? ProcessorCount.usable)
    }

    /// What clients send and get; a member that says nothing has what the served models have in common.
    private static func interface(
        of specification: PicketConfiguration.Model,
        in configuration: Configuration
    ) throws(LoadFault) -> (ModelInput, ModelOutput) {
        let served = configuration.models.filter(\.serve)
        let inputs = Set(served.compactMap(\.input))
        let outputs = Set(served.compactMap(\.output))
        guard let input = specification.input ?? (inputs.count == 1 ? inputs.first : nil) else {
            throw LoadFault(part: .input, found: "no input", expected: "one, since the served models differ in theirs")
        }
        guard let output = specification.output ?? (outputs.count == 1 ? outputs.first : nil) else {
            throw LoadFault(
                part: .output,
                found: "no output",
                expected: "one, since the served models differ in theirs"
            )
        }
        return (input, output)
    }

    private static func place(
        of part: LoadFault.Part,
        in specification: PicketConfiguration.Model
    ) -> (SourceLocation, key: String) {
        switch part {
        case .file: (specification.file.location, specification.file.location.key)
        case .input: (specification.location, specification.location.key + ".input")
        case .output: (specification.location, specification.location.key + ".output")
        case .precision: (specification.location, specification.location.key + ".precision")
        }
    }

    /// How rows of a model come and go; nil where the configuration has no such model.
    public func form(of model: String) -> RowForm? { models.first { $0.name == model }?.form }

    package func model(named name: String) -> LoadedModel? { models.first { $0.name == name } }

    /// Worker threads of the core.
    public var threadCount: Int { core.threadCount }

    /// Ends the worker threads after what is queued has run. Blocks.
    public func close() { core.close() }

    /// What a chain of the configuration is made of, its plugins loaded.
    ///
    /// - Throws: a fault for each plugin that is not loaded.
    public func specification(
        of chain: PicketConfiguration.Chain
    ) throws(ConfigurationFaults) -> ChainSpecification {
        guard let model = model(named: chain.model), let text = configuration.canonicalText(of: chain) else {
            preconditionFailure("a checked configuration's chains guard its models")
        }
        var faults: [ConfigurationFault] = []
        var detectors: [DetectorSpecification] = []
        for detector in chain.detectors {
            do {
                let plugin = try Plugin(named: detector.plugin, in: configuration.plugins.searchPath)
                detectors.append(
                    DetectorSpecification(name: detector.name, plugin: plugin, configuration: detector.configuration)
                )
            } catch {
                faults.append(
                    configuration.fault(
                        at: detector.location,
                        value: "\(error)",
                        expected: "a plugin that can be loaded from plugins.directories"
                    )
                )
            }
        }
        guard faults.isEmpty else { throw ConfigurationFaults(faults) }
        return ChainSpecification(
            subject: Subject(
                model: model.name,
                kind: model.form.isImage ? .image : .tensor,
                rowShape: model.form.canonicalShape,
                grid: model.form.gridLevels,
                classCount: model.facts.classCount ?? 0
            ),
            detectors: detectors,
            canonicalConfiguration: text
        )
    }
}
