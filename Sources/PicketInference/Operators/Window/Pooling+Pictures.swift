import CPicketKernels
import PicketTensor

extension Pooling {
    /// Pooling of pictures channels-last, which may be slices.
    static let choice = LayoutChoice(operands: [.channelsLast], result: .channelsLast)

    func kernelShape(_ geometry: Window.Geometry) -> picket_pool2d {
        picket_pool2d(
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
            pad_bottom: geometry.ends[0],
            pad_right: geometry.ends[1],
            count_include_pad: countsPadding
        )
    }

    /// Adds the step: output rows are shared out.
    func lower(_ node: LoweredNode, into builder: inout PlanBuilder, maximum: Bool) throws(OperatorFault) {
        let input = try node.operands.required(0).shape
        let shape = try kernelShape(geometry(input).planar)
        let kernels = builder.kernels
        let rows = input[0] * shape.out_height
        let work = Double(rows * shape.out_width * input[1]) * Double(shape.kernel_height * shape.kernel_width)
        let (source, target) = (try node.input(0), try node.output(0))
        builder.newBuffer(for: target, .channelsLast, at: builder.currentIndex)
        let place = PlanBuilder.Place(value: target, layout: .channelsLast)
        let row = shape.out_width * input[1]
        let parts =
            builder.isDense(target, .channelsLast) ? builder.parts(of: place, elements: rows * row, size: row) : nil
        try builder.add(units: rows, cost: work * Cost.element / 4, parts: parts) {
            resolver throws(OperatorFault) in
            let (x, y) = (try resolver.pictures(source), try resolver.pictures(target))
            return { space, units in
                let kernel =
                    maximum ? kernels.functions.pointee.max_pool_rows : kernels.functions.pointee.average_pool_rows
                withUnsafePointer(to: shape) {
                    kernel(
                        $0,
                        x.channels,
                        x.floats(space),
                        x.imageStride,
                        x.pixelStride,
                        y.mutableFloats(space),
                        y.imageStride,
                        y.pixelStride,
                        units.lowerBound,
                        units.upperBound
                    )
                }
            }
        }
    }
}

extension MaxPool: PictureOperator {
    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        pooling.hasKernel(node.operands, wantsIndices: wantsIndices) ? Pooling.choice : nil
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        try pooling.lower(node, into: &builder, maximum: true)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let volume = try pooling.volume(node.operands, .maximum(firstAxisFastest: firstAxisFastest))
        try builder.move(volume, node)
    }
}

extension AveragePool: PictureOperator {
    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        pooling.hasKernel(node.operands, wantsIndices: false) ? Pooling.choice : nil
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        try pooling.lower(node, into: &builder, maximum: false)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let volume = try pooling.volume(node.operands, .average(countsPadding: pooling.countsPadding))
        try builder.move(volume, node)
    }
}
