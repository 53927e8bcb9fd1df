import PicketInference
import PicketSchemas
import PicketTensor
import Testing

/// A formula, a node a word: `Mul(x,half)>a`.
struct Formula: Sendable, CustomTestStringConvertible {
    let name: String
    let nodes: String
    /// The operators that are left, in order.
    let left: [String]

    var testDescription: String { name }

    var protos: [Onnx_NodeProto] {
        nodes.split(separator: " ").map { word in
            let parts = word.split { "()>".contains($0) }.map(String.init)
            let inputs = parts[1].split(separator: ",").map(String.init)
            switch parts[0] {
            case "ReduceMean":
                return ModelBuilder.node("ReduceMean", inputs, [parts[2]], [ModelBuilder.ints("axes", [-1])])
            case "Rows": return ModelBuilder.node("ReduceMean", inputs, [parts[2]], [ModelBuilder.ints("axes", [0])])
            case "HardSigmoid":
                return ModelBuilder.node("HardSigmoid", inputs, [parts[2]], [ModelBuilder.float("alpha", 1.0 / 6)])
            case "Flat": return ModelBuilder.node("HardSigmoid", inputs, [parts[2]])
            default: return ModelBuilder.node(parts[0], inputs, [parts[2]])
            }
        }
    }

    static let numbers: [(String, Float)] = [
        ("half", 0.5), ("one", 1), ("two", 2), ("three", 3), ("six", 6), ("sixth", 1.0 / 6), ("zero", 0),
        ("root", 1.41421354), ("inverse", 0.70710677), ("cubic", 0.044715), ("wide", 0.7978846), ("epsilon", 1e-5),
    ]

    static let activations: [Formula] = [
        Formula(name: "SiLU", nodes: "Sigmoid(x)>s Mul(x,s)>y", left: ["Silu"]),
        Formula(name: "SiLU, the other way round", nodes: "Sigmoid(x)>s Mul(s,x)>y", left: ["Silu"]),
        Formula(
            name: "SiLU of a product joins it",
            nodes: "MatMul(x,w)>a Sigmoid(a)>s Mul(a,s)>y",
            left: ["MatMul"]
        ),
        Formula(
            name: "a gate of something else stays",
            nodes: "Tanh(x)>t Sigmoid(t)>s Mul(x,s)>y",
            left: ["Tanh", "Sigmoid", "Mul"]
        ),
        Formula(
            name: "a sigmoid that others read stays",
            nodes: "Sigmoid(x)>s Mul(x,s)>a Add(a,s)>y",
            left: ["Sigmoid", "Mul", "Add"]
        ),
        Formula(name: "HardSwish", nodes: "HardSigmoid(x)>h Mul(h,x)>y", left: ["HardSwish"]),
        Formula(
            name: "a HardSigmoid of another slope stays",
            nodes: "Flat(x)>h Mul(h,x)>y",
            left: ["HardSigmoid", "Mul"]
        ),
        Formula(
            name: "HardSwish by clipping",
            nodes: "Add(x,three)>a Clip(a,zero,six)>c Mul(x,c)>m Div(m,six)>y",
            left: ["HardSwish"]
        ),
        Formula(
            name: "HardSwish by clipping, divided first",
            nodes: "Add(three,x)>a Clip(a,zero,six)>c Mul(c,sixth)>d Mul(x,d)>y",
            left: ["HardSwish"]
        ),
        Formula(
            name: "GELU as torch exports it",
            nodes: "Div(x,root)>a Erf(a)>b Add(b,one)>c Mul(x,c)>d Mul(d,half)>y",
            left: ["Gelu"]
        ),
        Formula(
            name: "GELU as torch's dynamo exports it",
            nodes: "Div(x,root)>a Erf(a)>b Add(b,one)>c Mul(half,c)>d Mul(x,d)>y",
            left: ["Gelu"]
        ),
        Formula(
            name: "GELU as Keras exports it",
            nodes: "Mul(x,half)>h Mul(x,inverse)>a Erf(a)>b Add(one,b)>c Mul(h,c)>y",
            left: ["Gelu"]
        ),
        Formula(
            name: "GELU by tanh",
            nodes:
                "Pow(x,three)>p Mul(p,cubic)>q Add(x,q)>r Mul(r,wide)>s Tanh(s)>t Add(t,one)>u Mul(x,half)>h Mul(h,u)>y",
            left: ["Gelu"]
        ),
        Formula(
            name: "GELU by tanh, the cube as a product",
            nodes:
                "Mul(x,x)>p Mul(p,x)>q Mul(q,cubic)>r Add(x,r)>s Mul(s,wide)>t Tanh(t)>u Add(u,one)>v Mul(x,v)>d Mul(half,d)>y",
            left: ["Gelu"]
        ),
        Formula(
            name: "a wrong number stays",
            nodes: "Div(x,two)>a Erf(a)>b Add(b,one)>c Mul(x,c)>d Mul(d,half)>y",
            left: ["Div", "Erf", "Add", "Mul", "Mul"]
        ),
        Formula(
            name: "GELU of a product joins it",
            nodes: "MatMul(x,w)>m Div(m,root)>a Erf(a)>b Add(b,one)>c Mul(m,c)>d Mul(d,half)>y",
            left: ["MatMul"]
        ),
    ]

    static let normalizations: [Formula] = [
        Formula(
            name: "as torch exports it",
            nodes: "ReduceMean(x)>m Sub(x,m)>d Pow(d,two)>p ReduceMean(p)>v Add(v,epsilon)>e Sqrt(e)>s Div(d,s)>n "
                + "Mul(n,scale)>k Add(k,bias)>y",
            left: ["LayerNormalization"]
        ),
        Formula(
            name: "without scale and bias",
            nodes: "ReduceMean(x)>m Sub(x,m)>d Mul(d,d)>p ReduceMean(p)>v Add(epsilon,v)>e Sqrt(e)>s Div(d,s)>y",
            left: ["LayerNormalization"]
        ),
        Formula(
            name: "with two differences and a reciprocal",
            nodes: "ReduceMean(x)>m Sub(x,m)>d Pow(d,two)>p ReduceMean(p)>v Add(v,epsilon)>e Sqrt(e)>s "
                + "Reciprocal(s)>r Sub(x,m)>c Mul(c,r)>n Mul(scale,n)>y",
            left: ["LayerNormalization"]
        ),
        Formula(
            name: "a bias alone",
            nodes: "ReduceMean(x)>m Sub(x,m)>d Pow(d,two)>p ReduceMean(p)>v Add(v,epsilon)>e Sqrt(e)>s Div(d,s)>n "
                + "Add(bias,n)>y",
            left: ["LayerNormalization"]
        ),
        Formula(
            name: "a mean that others read stays",
            nodes: "ReduceMean(x)>m Sub(x,m)>d Pow(d,two)>p ReduceMean(p)>v Add(v,epsilon)>e Sqrt(e)>s Div(d,s)>n "
                + "Add(n,m)>y",
            left: ["ReduceMean", "Sub", "Pow", "ReduceMean", "Add", "Sqrt", "Div", "Add"]
        ),
        Formula(
            name: "along the rows stays",
            nodes: "Rows(x)>m Sub(x,m)>d Pow(d,two)>p Rows(p)>v Add(v,epsilon)>e Sqrt(e)>s Div(d,s)>y",
            left: ["ReduceMean", "Sub", "Pow", "ReduceMean", "Add", "Sqrt", "Div"]
        ),
    ]
}

@Suite("Formulas become operators")
struct CompositionTests {
    @Test("activations", arguments: Formula.activations)
    func activation(_ formula: Formula) throws { try check(formula) }

    @Test("layer normalization", arguments: Formula.normalizations)
    func normalization(_ formula: Formula) throws { try check(formula) }

    private func check(_ formula: Formula) throws {
        let square = ModelBuilder.tensor("w", [4, 4], (0..<16).map { Float($0 % 7) / 3 - 1 })
        let lines = [
            ModelBuilder.tensor("scale", [4], [1, -2, 0.5, 3] as [Float]),
            ModelBuilder.tensor("bias", [4], [0.1, 0.2, -3, 4] as [Float]),
        ]
        let model = ModelBuilder.model(
            ModelBuilder.graph(
                initializers: Formula.numbers.map { ModelBuilder.tensor($0.0, [], [$0.1]) } + [square] + lines,
                nodes: formula.protos
            )
        )
        let (before, after) = (try PassTests.plain(model), try PassTests.optimised(model))
        #expect(after.nodes.map(\.operatorName) == formula.left, "\(after.listing)")
        let x = PassTests.random([5, 4])
        let wide = Tensor(x.elements(of: Float.self).map { $0 * 9 }, shape: x.shape)
        let expected = try PassTests.evaluate(before, [wide])[0].elements(of: Float.self)
        let found = try PassTests.evaluate(after, [wide])[0].elements(of: Float.self)
        for (left, right) in zip(expected, found) { #expect(abs(left - right) < 1e-5 * max(1, abs(left))) }
        // And as a plan.
        let compiled = try CompiledGraph(after, kernels: KernelTable.selected())
        let run = try #require(try Session(compiled).run(["x": wide]).values.first).elements(of: Float.self)
        for (left, right) in zip(expected, run) { #expect(abs(left - right) < 1e-4 * max(1, abs(left))) }
    }

    @Test("but not one whose parts are asked for")
    func layers() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(4)])
        let gate = try builder.node("Sigmoid", [x])
        let product = try builder.node("Mul", [x, gate])
        let graph = try PassPipeline(limits: ImportLimits()).run(builder.finish([product, gate]))
        #expect(graph.nodes.map(\.operatorName) == ["Sigmoid", "Mul"])
    }

    @Test("nor a product so long that nobody wrote it")
    func long() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(4)])
        var value = x
        let two = builder.constant(Tensor([Float(1.0625)], shape: Shape([])))
        for _ in 0..<300 { value = try builder.node("Mul", [value, two]) }
        let graph = try PassPipeline(limits: ImportLimits()).run(builder.finish([value]))
        #expect(graph.nodes.count == 300)
    }
}
