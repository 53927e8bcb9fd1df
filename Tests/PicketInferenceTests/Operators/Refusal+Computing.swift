import PicketInference

extension Refusal {
    /// Of operators that compute element by element, reduce or normalise.
    static let computing: [Refusal] = [
        // Element-wise functions
        Refusal("Relu", [[2]], type: .bool, because: "the operand is bool, expected"),
        Refusal(
            "Sin",
            [[2]],
            type: .int32,
            because: "the operand is int32, expected float16, bfloat16, float32 or float64"
        ),
        Refusal("Not", [[2]], because: "the operand is float32, expected bool"),
        Refusal("Mish", [[2]], opset: 17, because: "not supported in opset 17"),
        Refusal("Gelu", [[2]], ["approximate": .string("fast")], opset: 20, because: "expected none or tanh"),
        Refusal("BitShift", [[2], [2]], ["direction": .string("UP")], because: "expected LEFT or RIGHT"),
        Refusal("BitShift", [[2], [2]], ["direction": .string("LEFT")], type: .int8, because: "inputs are int8"),
        Refusal("And", [[2], [2]], because: "inputs are float32, expected bool"),
        Refusal("Mod", [[2], [2]], because: "inputs are float32, expected uint8"),
        Refusal("PRelu", [[3], [2, 3]], because: "do not stretch over [3]"),
        Refusal("Pow", [[3], [2]], because: "do not broadcast"),
        Refusal("Max", [[3], nil], because: "input 1 is missing"),
        Refusal("Sum", [[3], [1, 2]], because: "do not broadcast"),
        Refusal("Where", [[3], [3], [3]], because: "condition is float32, expected bool"),
        // Reductions
        Refusal("ReduceSum", [[2, 3], [1]], known: [1: [.max]], because: "axis is"),
        Refusal("ReduceSum", [[2, 3]], ["axes": .ints([0])], because: "expected them as input 1 since opset 13"),
        Refusal("ReduceMax", [[2, 3]], ["keepdims": .int(2)], because: "keepdims is 2"),
        Refusal("ReduceL2", [[2, 3]], type: .bool, because: "data is bool"),
        Refusal("ArgMax", [[2, 0]], ["axis": .int(1)], because: "holds nothing to choose"),
        Refusal("ArgMin", [[]], because: "axis is 0"),
        Refusal("CumSum", [[2, 3], [2]], known: [1: [0, 1]], because: "axis has 2 elements"),
        Refusal("CumSum", [[2, 3], []], type: .int64, because: "axis is computed from the data"),
        Refusal("GlobalLpPool", [image], ["p": .int(0)], because: "p is 0"),
        // Normalizations
        Refusal("LayerNormalization", [[2, 3], [2]], because: "Scale is float32 [2], expected float32 [3]"),
        Refusal("LayerNormalization", [[2, 3], [3]], ["stash_type": .int(10)], because: "stash_type is 10"),
        Refusal("LayerNormalization", [[2, 3], [3]], ["axis": .int(2)], because: "axis is 2"),
        Refusal("InstanceNormalization", [image, [4], [3]], because: "bias is float32 [3], expected float32 [4]"),
        Refusal(
            "GroupNormalization",
            [image, [3], [3]],
            ["num_groups": .int(3)],
            opset: 18,
            because: "4 channels do not divide into 3 groups"
        ),
        Refusal("GroupNormalization", [image, [4], [4]], opset: 21, because: "num_groups is missing"),
        Refusal("LRN", [image], ["size": .int(-1)], because: "size is missing or not positive"),
        Refusal("LpNormalization", [image], ["p": .int(3)], because: "p is 3, expected 1 or 2"),
        Refusal("MeanVarianceNormalization", [[2, 3]], because: "axis is"),
        Refusal("Hardmax", [[2, 3]], ["axis": .int(-3)], because: "axis is -3"),
        Refusal("Cast", [[2]], ["to": .int(17)], opset: 19, because: "data type 17"),
    ]
}
