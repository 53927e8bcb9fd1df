import CPicketKernels
import PicketTensor

extension Conv: PictureOperator {
    /// Pictures of at most so many channels are read planar where they come so, as a model's input does.
    private static let planarChannels = 4

    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        guard hasKernel(node.operands) else { return nil }
        let input = try node.operands.required(0).shape
        let isPlanar = lying[0] == .plain && input[1] <= Self.planarChannels && input.pixels > 1
        var operands = [Layout](repeating: .plain, count: lying.count)
        operands[0] = isPlanar ? .plain : .channelsLast
        if addsResidual { operands[Self.residualPosition] = .channelsLast }
        return LayoutChoice(operands: operands, result: .channelsLast)
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        let input = try node.operands.required(0).shape
        let weights = try node.operands.required(1).shape
        let shape = try kernelShape(input, weights, geometry(input, weights).planar)
        try builder.convolution(
            node,
            shape: shape,
            images: input[0],
            input: choice.operands[0],
            bias: node.node.inputs.optional(2),
            residual: addsResidual ? node.input(Self.residualPosition) : nil
        )
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try lowerVolume(node, into: &builder)
    }

    private func kernelShape(_ input: Shape, _ weights: Shape, _ geometry: Window.Geometry) -> picket_conv2d {
        picket_conv2d(
            groups: groups,
            in_channels: input[1],
            out_channels: weights[0],
            in_height: geometry.input[0],
            in_width: geometry.input[1],
            out_height: geometry.output[0],
            out_width: geometry.output[1],
            kernel_height: geometry.kernel[0],
            kernel_width: geometry.kernel[1],
            stride_height: geometry.strides[0],
            stride_width: geometry.strides[1],
            dilation_height: geometry.dilations[0],
            dilation_width: geometry.dilations[1],
            pad_top: geometry.begins[0],
            pad_left: geometry.begins[1],
            activation: activation.kernel,
            alpha: activation.parameters.alpha,
            beta: activation.parameters.beta
        )
    }
}
