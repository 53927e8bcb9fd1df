import PicketTensor

/// Where a step finds channels-last pictures: element (image, pixel, channel) at image · imageStride +
/// pixel · pixelStride + channel, in floats.
struct Pictures: Sendable {
    let address: Address
    let images: Int
    let pixels: Int
    let channels: Int
    let pixelStride: Int

    var imageStride: Int { pixels * pixelStride }

    func floats(_ space: ExecutionSpace) -> UnsafePointer<Float> { address.floats(space) }

    func mutableFloats(_ space: ExecutionSpace) -> UnsafeMutablePointer<Float> { address.mutableFloats(space) }
}

extension PlanBuilder.Resolver {
    /// A float32 value of [N, C, …] that lies channels-last.
    ///
    /// - Parameter layout: one of the two that lie so.
    func pictures(_ id: ValueID, _ layout: Layout = .channelsLast) throws(OperatorFault) -> Pictures {
        guard let shape = builder.specialisation[id]?.shape, shape.rank >= 2 else {
            throw OperatorFault("value \(id) holds no pictures")
        }
        return Pictures(
            address: try address(id, layout),
            images: shape[0],
            pixels: shape.pixels,
            channels: shape[1],
            pixelStride: builder.memory[builder.place(id, layout)]?.pixelStride ?? shape[1]
        )
    }
}
