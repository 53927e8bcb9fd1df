/// A model file and what is to be known about it.
public struct Model: Hashable, Sendable {
    /// 1 to 64 letters, digits, dots, underscores and hyphens.
    public var name: String
    public var file: ConfiguredPath
    /// Whether clients may ask it; false: a member of an ensemble only. Default: true.
    public var serve: Bool
    /// What clients send. Nil only where `serve` is false: the model takes what the model takes beside which it runs.
    public var input: ModelInput?
    /// What it answers. Nil only where `serve` is false, and then the same as of the model beside which it runs.
    public var output: ModelOutput?
    /// How its weights are multiplied. Default: float32.
    public var precision: Precision
    public var location: SourceLocation

    public enum Precision: String, CaseIterable, Hashable, Sendable {
        /// As the file has them.
        case float32
        /// Rounded to eight significant bits, as is what they are multiplied with, and summed in float32: faster on CPUs
        /// that have instructions for it, refused on others. Another precision is another model: a calibration is of one.
        case bfloat16
    }

    public init(
        name: String,
        file: ConfiguredPath,
        serve: Bool,
        input: ModelInput?,
        output: ModelOutput?,
        precision: Precision = .float32,
        location: SourceLocation
    ) {
        self.name = name
        self.file = file
        self.serve = serve
        self.input = input
        self.output = output
        self.precision = precision
        self.location = location
    }
}

/// What a model answers.
public struct ModelOutput: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Scores per class before softmax.
        case logits
        /// Scores per class that sum to one.
        case probabilities
        /// No classes: an autoencoder, say.
        case tensor
    }

    public var kind: Kind

    public init(kind: Kind) {
        self.kind = kind
    }
}

extension Model {
    init?(_ field: Field, directory: String) {
        guard let section = Section(field, keys: ["name", "file", "input", "output", "serve", "precision"]) else {
            return nil
        }
        let name = section.required("name", "the model's name")?.name()
        let file = section.required("file", "the path of an ONNX file")?.path(relativeTo: directory)
        let serve = section["serve"].map { $0.boolean() } ?? true
        let precision = section["precision"].map { $0.keyword(Precision.self) } ?? .float32
        let isServed = serve ?? true
        let input = isServed ? section.required("input", "what clients send") : section["input"]
        let output = isServed ? section.required("output", "what the model answers") : section["output"]
        let parsedInput = input.map(ModelInput.init)
        let parsedOutput = output.map(ModelOutput.init)
        guard let name, let file, let serve, let precision else { return nil }
        if isServed || input != nil, parsedInput.flatMap({ $0 }) == nil { return nil }
        if isServed || output != nil, parsedOutput.flatMap({ $0 }) == nil { return nil }
        self.init(
            name: name,
            file: file,
            serve: serve,
            input: parsedInput ?? nil,
            output: parsedOutput ?? nil,
            precision: precision,
            location: field.location
        )
    }
}

extension ModelOutput {
    init?(_ field: Field) {
        guard let section = Section(field, keys: ["kind"]) else { return nil }
        let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
        guard let kind = section.required("kind", "one of \(kinds)")?.keyword(Kind.self) else { return nil }
        self.init(kind: kind)
    }
}
