import PicketInference
import PicketTensor

/// A self-attention over rows [tokens, heads · depth] as an exporter may write it.
struct AttentionGraph: Sendable {
    enum Cut: Sendable {
        /// One product, reshaped to [rows, tokens, 3, heads, depth], turned and split.
        case split
        /// The same, cut by slices.
        case slices
        /// The same, cut by entries of the first axis.
        case entries
        /// Three products, each reshaped and turned.
        case products
        /// Heads and rows in one axis, as torch's MultiheadAttention has them.
        case joined
    }

    enum Scale: Sendable {
        case none, queries, keys, scores, divided, roots, computed
    }

    enum Mask: Sendable {
        case none, full, heads, rows, columns, two, windows, countedWindows, operand
    }

    var tokens = 7
    var heads = 3
    var depth = 8
    var cut = Cut.split
    var scale = Scale.queries
    var mask = Mask.none
    var axis = -1
    var batch = Dimension.batch

    var width: Int { heads * depth }

    /// The leading extent that reshapes ask for: inferred where the batch is open.
    private var leading: Int64 { batch.extent.map { Int64($0) } ?? -1 }

    /// - Parameter extra: what else to give out, of the scores, the probabilities and the heads' results.
    func build(
        extra: (_ scores: ValueID, _ probabilities: ValueID, _ result: ValueID) -> [ValueID] = { _, _, _ in [] }
    )
        throws -> Graph
    {
        var builder = GraphBuilder()
        let x = builder.input("x", [batch, .known(tokens), .known(width)])
        let masks = mask == .operand ? builder.input("mask", [batch, .known(1), .known(1), .known(tokens)]) : nil
        var (queries, keys, values) = try factors(x, &builder)
        let (swapped, whole): ([Int64], [Int64]) =
            cut == .joined ? ([0, 2, 1], [1, 0, 2]) : ([0, 1, 3, 2], [0, 2, 1, 3])
        keys = try builder.node("Transpose", [keys], attributes: ["perm": .ints(swapped)])
        let number = { (value: Float, builder: inout GraphBuilder) in
            builder.constant(Tensor([value], shape: Shape([])))
        }
        let factor = 1 / Float(depth).squareRoot()
        switch scale {
        case .queries: queries = try builder.node("Mul", [queries, number(factor, &builder)])
        case .keys: keys = try builder.node("Mul", [number(factor, &builder), keys])
        case .roots:
            queries = try builder.node("Mul", [queries, number(factor.squareRoot(), &builder)])
            keys = try builder.node("Mul", [keys, number(factor.squareRoot(), &builder)])
        case .computed:
            let shape = try builder.node("Shape", [queries])
            let last = try builder.node("Gather", [shape, builder.constant([-1])])
            let root = try builder.node("Sqrt", [builder.node("Cast", [last], attributes: ["to": .int(1)])])
            queries = try builder.node("Div", [queries, root])
        case .none, .scores, .divided: break
        }
        var scores = try builder.node("MatMul", [queries, keys])
        if scale == .scores { scores = try builder.node("Mul", [scores, number(factor, &builder)]) }
        if scale == .divided { scores = try builder.node("Div", [scores, number(1 / factor, &builder)]) }
        let sums = try masked(scores, masks, x, &builder)
        let probabilities = try builder.node("Softmax", [sums], attributes: ["axis": .int(Int64(axis))])
        let result = try builder.node("MatMul", [probabilities, values])
        let turned = try builder.node("Transpose", [result], attributes: ["perm": .ints(whole)])
        let joined = try builder.node(
            "Reshape",
            [
                turned,
                builder.constant(
                    cut == .joined ? [Int64(tokens), -1, Int64(width)] : [leading, Int64(tokens), Int64(width)]
                ),
            ]
        )
        let rows =
            cut == .joined ? try builder.node("Transpose", [joined], attributes: ["perm": .ints([1, 0, 2])]) : joined
        let output = try builder.node("MatMul", [rows, builder.weights(width, 5, seed: 4)])
        return builder.finish([output] + extra(scores, probabilities, result))
    }

    private func factors(_ x: ValueID, _ builder: inout GraphBuilder) throws -> (ValueID, ValueID, ValueID) {
        let (n, h, d) = (Int64(tokens), Int64(heads), Int64(depth))
        if cut == .products {
            let made = try (1...3).map { seed in
                let product = try builder.node("MatMul", [x, builder.weights(width, width, seed: UInt64(seed))])
                let cut = try builder.node("Reshape", [product, builder.constant([leading, n, h, d])])
                return try builder.node("Transpose", [cut], attributes: ["perm": .ints([0, 2, 1, 3])])
            }
            return (made[0], made[1], made[2])
        }
        if cut == .joined {
            let turned = try builder.node("Transpose", [x], attributes: ["perm": .ints([1, 0, 2])])
            let product = try builder.node("MatMul", [turned, builder.weights(width, 3 * width)])
            let cut = try builder.node("Reshape", [product, builder.constant([n, -1, 3, h * d])])
            let parts = try builder.node("Transpose", [cut], attributes: ["perm": .ints([2, 0, 1, 3])])
            let made = try (0...2).map { part in
                let index = builder.constant(Tensor([Int64(part)], shape: Shape([])))
                let entry = try builder.node("Gather", [parts, index])
                let heads = try builder.node("Reshape", [entry, builder.constant([n, -1, d])])
                return try builder.node("Transpose", [heads], attributes: ["perm": .ints([1, 0, 2])])
            }
            return (made[0], made[1], made[2])
        }
        let product = try builder.node("MatMul", [x, builder.weights(width, 3 * width)])
        let cutUp = try builder.node("Reshape", [product, builder.constant([leading, n, 3, h, d])])
        let parts = try builder.node("Transpose", [cutUp], attributes: ["perm": .ints([2, 0, 3, 1, 4])])
        if cut == .entries {
            let made = try (0...2).map { part in
                try builder.node("Gather", [parts, builder.constant(Tensor([Int64(part)], shape: Shape([])))])
            }
            return (made[0], made[1], made[2])
        }
        var cut: [ValueID?]
        if self.cut == .split {
            let sizes = builder.constant([1, 1, 1])
            cut = try builder.node(
                "Split",
                [parts, sizes],
                attributes: ["axis": .int(0)],
                results: [true, true, true]
            )
        } else {
            cut = try (0...2).map { part in
                let bounds = [Int64(part), Int64(part + 1), 0].map { builder.constant([$0]) }
                return try builder.node("Slice", [parts] + bounds)
            }
        }
        let made = try cut.map { try builder.node("Squeeze", [$0, builder.constant([0])]) }
        return (made[0], made[1], made[2])
    }

    private func masked(
        _ scores: ValueID,
        _ operand: ValueID?,
        _ x: ValueID,
        _ builder: inout GraphBuilder
    ) throws -> ValueID {
        let add = { (value: ValueID, shape: [Int], builder: inout GraphBuilder) in
            let numbers = randomFloats(shape.reduce(1, *), seed: UInt64(shape.count + shape[0]))
            let mask = builder.constant(Tensor(numbers.map { $0 * 3 }, shape: Shape(shape)))
            return try builder.node("Add", [value, mask])
        }
        switch mask {
        case .none: return scores
        case .full: return try add(scores, [1, heads, tokens, tokens], &builder)
        case .heads: return try add(scores, [heads, 1, 1], &builder)
        case .rows: return try add(scores, [tokens, 1], &builder)
        case .columns: return try add(scores, [tokens], &builder)
        case .two:
            return try add(add(scores, [heads, tokens, tokens], &builder), [1, 1, 1, tokens], &builder)
        case .windows, .countedWindows:
            let biased = try add(scores, [1, heads, tokens, tokens], &builder)
            let shape = [leading] + [1, heads, tokens, tokens].map { Int64($0) }
            var target = builder.constant(shape)
            if mask == .countedWindows {
                // As torch writes it: the number of rows from the input's shape.
                let counted = try builder.node("Shape", [x])
                let rows = try builder.node("Gather", [counted, builder.constant([0])])
                let rest = builder.constant(Array(shape.dropFirst()))
                target = try builder.node("Concat", [rows, rest], attributes: ["axis": .int(0)])
            }
            let cut = try builder.node("Reshape", [biased, target])
            let sums = try add(cut, [1, 1, 1, tokens, tokens], &builder)
            let back = [leading] + [heads, tokens, tokens].map { Int64($0) }
            return try builder.node("Reshape", [sums, builder.constant(back)])
        case .operand: return try builder.node("Add", [scores, operand])
        }
    }
}
