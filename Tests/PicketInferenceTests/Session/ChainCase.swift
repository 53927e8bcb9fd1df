import PicketInference
import PicketTensor

/// A graph with element-wise steps that should run together, and the steps that it should have.
struct ChainCase: Sendable, CustomStringConvertible {
    let description: String
    /// What is left; "+" joins what runs as one.
    let steps: [String]
    private let make: @Sendable (inout GraphBuilder, ValueID) throws -> [ValueID]

    /// Of rows of 3 × 40 × 41 elements: more than a part, and no whole number of parts.
    static let rowShape = [3, 40, 41]

    func graph() throws -> Graph {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch] + Self.rowShape.map { .known($0) })
        let outputs = try make(&builder, x)
        return builder.finish(outputs)
    }

    static func rows(_ count: Int) -> Tensor {
        var numbers = randomFloats(count * rowShape.reduce(1, *), seed: 5)
        for (index, number) in [Float.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude].enumerated() {
            for row in 0..<count { numbers[row * 4920 + index * 917] = number }
        }
        return Tensor(numbers, shape: Shape([count] + rowShape))
    }

    private static let same: [String: AttributeValue] = [
        "kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1]),
    ]

    /// A convolution, so that what follows lies channels-last.
    private static func pictures(_ builder: inout GraphBuilder, _ x: ValueID) throws -> ValueID {
        try builder.node("Conv", [x, builder.weights(5, 3, 1, 1)])
    }

    static let all: [ChainCase] = [
        .init(description: "a normalisation of pictures", steps: ["Sub+Div"]) { builder, x in
            let centred = try builder.node("Sub", [x, builder.weights(3, 1, 1)])
            return [try builder.node("Div", [centred, builder.weights(1, 3, 1, 1, seed: 2)])]
        },
        .init(description: "numbers and functions", steps: ["Mul+Add+Clip+Tanh+Exp+Neg+HardSigmoid+Pow"]) {
            builder,
            x in
            var value = try builder.node("Mul", [builder.weights(1, seed: 3), x])
            value = try builder.node("Add", [value, builder.weights(1, 1, seed: 4)])
            let (lower, upper) = (
                Tensor([-0.5] as [Float], shape: Shape([])), Tensor([0.75] as [Float], shape: Shape([]))
            )
            value = try builder.node("Clip", [value, builder.constant(lower), builder.constant(upper)])
            for name in ["Tanh", "Exp", "Neg", "HardSigmoid"] { value = try builder.node(name, [value]) }
            return [try builder.node("Pow", [value, builder.weights(41, seed: 6)])]
        },
        .init(description: "a value that others read, and an output", steps: ["Exp+Tanh+Mul+Add"]) { builder, x in
            let exponential = try builder.node("Exp", [x])
            let tangent = try builder.node("Tanh", [exponential])
            let product = try builder.node("Mul", [tangent, exponential])
            return [tangent, try builder.node("Add", [product, x])]
        },
        .init(description: "many operands", steps: ["Max+Mean+PRelu"]) { builder, x in
            let most = try builder.node("Max", [x, builder.weights(41), builder.weights(40, 1, seed: 2)])
            let mean = try builder.node("Mean", [most, x, builder.weights(1, seed: 3)])
            return [try builder.node("PRelu", [mean, builder.weights(3, 1, 1)])]
        },
        .init(description: "another shape in between", steps: ["Abs+Sqrt+Mul"]) { builder, x in
            let magnitude = try builder.node("Abs", [x])
            let lines = try builder.node("Reshape", [magnitude, builder.constant([0, 120, 41])])
            let root = try builder.node("Sqrt", [lines])
            return [try builder.node("Mul", [builder.weights(120, 1), root])]
        },
        .init(description: "a value that is an output in another shape", steps: ["Abs+Neg"]) { builder, x in
            let magnitude = try builder.node("Abs", [x])
            let lines = try builder.node("Reshape", [magnitude, builder.constant([0, 120, 41])])
            return [lines, try builder.node("Neg", [magnitude])]
        },
        .init(description: "a value that is read later in another shape", steps: ["Abs+Neg+Mul"]) { builder, x in
            let magnitude = try builder.node("Abs", [x])
            let lines = try builder.node("Reshape", [magnitude, builder.constant([0, 120, 41])])
            let negative = try builder.node("Neg", [magnitude])
            return [
                try builder.node("Mul", [builder.node("Reshape", [negative, builder.constant([0, 120, 41])]), lines])
            ]
        },
        .init(description: "what each row brings itself", steps: ["ReduceMax", "Sub+Abs+Div"]) { builder, x in
            let axes: [String: AttributeValue] = ["axes": .ints([2, 3])]
            let most = try builder.node("ReduceMax", [x], attributes: axes, opset: 13)
            let magnitude = try builder.node("Abs", [builder.node("Sub", [x, most])])
            return [try builder.node("Div", [magnitude, most])]
        },
        .init(description: "a layer's scale and its residual", steps: ["Conv", "Mul+Add+Erf", "Layout"]) { builder, x in
            let y = try pictures(&builder, x)
            let scaled = try builder.node("Mul", [y, builder.weights(5, 1, 1)])
            return [try builder.node("Erf", [builder.node("Add", [y, scaled])])]
        },
        .init(description: "pooling", steps: ["Conv", "MaxPool+Neg+Mul", "AveragePool+Sin", "Layout"]) { builder, x in
            let y = try pictures(&builder, x)
            let most = try builder.node("Neg", [builder.node("MaxPool", [y], attributes: same)])
            let scaled = try builder.node("Mul", [most, builder.weights(5, 1, 1)])
            return [try builder.node("Sin", [builder.node("AveragePool", [scaled], attributes: same)])]
        },
        .init(
            description: "pooling in whose place nothing is made while its operand is read",
            steps: ["Conv", "AveragePool", "Sub", "Layout"]
        ) { builder, x in
            let y = try pictures(&builder, x)
            return [try builder.node("Sub", [y, builder.node("AveragePool", [y], attributes: same)])]
        },
        .init(description: "a value read twice", steps: ["Neg+Mul+Abs+Max+Relu+Sum"]) { builder, x in
            let negative = try builder.node("Neg", [x])
            let magnitude = try builder.node("Abs", [builder.node("Mul", [negative, negative])])
            let most = try builder.node("Max", [magnitude, builder.weights(41), magnitude])
            let positive = try builder.node("Relu", [most])
            return [try builder.node("Sum", [positive, builder.weights(40, 1), positive, builder.weights(1)])]
        },
        .init(description: "lines along several axes", steps: ["Mul+Add+Sub+Div+Min"]) { builder, x in
            var value = try builder.node("Mul", [x, builder.weights(3, 1, 1)])
            value = try builder.node("Add", [builder.weights(41, seed: 2), value])
            value = try builder.node("Sub", [builder.weights(3, 1, 41, seed: 3), value])
            value = try builder.node("Div", [builder.weights(3, 1, 41, seed: 4), value])
            return [try builder.node("Min", [value, builder.weights(1, seed: 5)])]
        },
        .init(description: "a chain behind another", steps: ["Exp", "Cos+Add"]) { builder, x in
            // Neither function reads the other; the sum follows the one before it.
            let exponential = try builder.node("Exp", [x])
            return [try builder.node("Add", [exponential, builder.node("Cos", [x])])]
        },
        .init(
            description: "more than runs at once",
            steps: [[String](repeating: "Neg", count: 16).joined(separator: "+"), "Neg+Neg+Neg+Neg"]
        ) { builder, x in
            var value = x
            for _ in 0..<20 { value = try builder.node("Neg", [value]) }
            return [value]
        },
    ]

    private init(
        description: String,
        steps: [String],
        make: @escaping @Sendable (inout GraphBuilder, ValueID) throws -> [ValueID]
    ) {
        self.description = description
        self.steps = steps
        self.make = make
    }
}
