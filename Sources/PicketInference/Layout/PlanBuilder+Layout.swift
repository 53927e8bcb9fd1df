import PicketTensor

// Where values lie, and how they get from one layout to another.
extension PlanBuilder {
    /// The layout to read a value in without moving it: channels-last where it is there so.
    func layout(of id: ValueID) -> Layout {
        memory[Place(value: id, layout: .channelsLast)] == nil ? .plain : .channelsLast
    }

    func hasMemory(_ id: ValueID) -> Bool {
        [.plain, .channelsLast, .channelsLastDense].contains { memory[Place(value: id, layout: $0)] != nil }
    }

    /// Whether a value that has memory lies in a layout without gaps.
    func isDense(_ id: ValueID, _ layout: Layout) -> Bool { memory[place(id, layout)]?.pixelStride == nil }

    /// Memory for a value that the current step makes, or has just been added to make.
    mutating func newBuffer(for id: ValueID, _ layout: Layout, at step: Int) {
        guard let fact = specialisation[id]?.fact else { return }
        let end = max(lastUse[id] ?? step, step)
        let place = newPlace(id, layout)
        if layout == .channelsLast, place.layout == .channelsLast, let slice = slices[id] {
            let slice = sliceMemory(slice, at: step)
            memory[place] = slice
            extend(slice.buffer, to: end)
            return
        }
        let bytes = fact.shape.elementCount * fact.elementType.byteCount
        requests.append(.init(byteCount: bytes, firstStep: step, lastStep: end))
        memory[place] = Memory(buffer: requests.count - 1)
    }

    /// A slice of the memory that the concatenation's result will have.
    private mutating func sliceMemory(_ slice: ConcatSlices.Slice, at step: Int) -> Memory {
        let root = place(slice.root, .channelsLast)
        if memory[root] == nil { newBuffer(for: slice.root, .channelsLast, at: step) }
        guard let whole = memory[root] else { preconditionFailure("the concatenation's result has a shape") }
        let bytes = slice.channel * MemoryLayout<Float>.size
        return Memory(buffer: whole.buffer, byteOffset: bytes, pixelStride: slice.channels)
    }

    /// Has a value lie in a layout before the current node's steps, by a step of its own where it does not yet.
    mutating func bring(_ id: ValueID, to layout: Layout) throws(OperatorFault) {
        let target = place(id, layout)
        guard memory[target] == nil else { return }
        guard let fact = specialisation[id]?.fact else { throw OperatorFault("value \(id) has no shape") }
        // Not its buffer: a weight that a kernel has packed is not wanted plain as well.
        let isConstant = constants.buffers[id] != nil || specialisation[id]?.constant != nil
        if isConstant, target.layout == .plain { return }
        let (plain, pictures) = (Place(value: id, layout: .plain), Place(value: id, layout: .channelsLast))
        guard let source = memory[pictures] ?? memory[plain] ?? (isConstant ? Memory(buffer: -1) : nil) else {
            throw OperatorFault("value \(id) is read before it is made")
        }
        guard fact.elementType == .float32 else {
            throw OperatorFault("pictures of \(fact.elementType), expected float32")
        }
        if !isConstant { extend(source.buffer, to: currentIndex) }
        newBuffer(for: id, layout, at: currentIndex)
        if target.layout == .channelsLastDense, memory[target] != nil {
            try close(id, fact.shape)
        } else {
            try move(id, shape: fact.shape, to: target.layout)
        }
    }

    /// Adds a step that transposes each picture: channels by pixels, or pixels by channels.
    private mutating func move(_ id: ValueID, shape: Shape, to layout: Layout) throws(OperatorFault) {
        pending.append(moving(id, shape, to: layout) { resolver throws(OperatorFault) in try resolver.address(id) })
    }

    /// What has a value that lies channels-last lie plain in memory of its own; nil where it does already.
    mutating func turn(_ id: ValueID) -> Turn? {
        guard layout(of: id) != .plain, memory[Place(value: id, layout: .plain)] == nil,
            let fact = specialisation[id]?.fact
        else { return nil }
        let target = temporary(byteCount: fact.shape.elementCount * fact.elementType.byteCount)
        return Turn(step: moving(id, fact.shape, to: .plain) { $0.address(target) }, target: target)
    }

    /// - Parameter plain: finds the plain side.
    private func moving(
        _ id: ValueID,
        _ shape: Shape,
        to layout: Layout,
        plain: @escaping (Resolver) throws(OperatorFault) -> Address
    ) -> Pending {
        let (images, channels, pixels) = (shape[0], shape[1], shape.pixels)
        let kernels = kernels
        let block = 1024
        let blocks = (pixels + block - 1) / block
        return moving(units: images * blocks, cost: Double(shape.elementCount) * 4 * Cost.copiedByte) {
            resolver throws(OperatorFault) in
            let plain = try plain(resolver)
            let pictures = try resolver.pictures(id)
            return { space, units in
                for unit in units {
                    let (image, begin) = (unit / blocks, unit % blocks * block)
                    let count = min(block, pixels - begin)
                    let planar = image * channels * pixels + begin
                    let last = image * pictures.imageStride + begin * pictures.pixelStride
                    if layout != .plain {
                        kernels.functions.pointee.transpose(
                            channels,
                            count,
                            plain.floats(space) + planar,
                            pixels,
                            pictures.mutableFloats(space) + last,
                            pictures.pixelStride
                        )
                    } else {
                        kernels.functions.pointee.transpose(
                            count,
                            channels,
                            pictures.floats(space) + last,
                            pictures.pixelStride,
                            plain.mutableFloats(space) + planar,
                            pixels
                        )
                    }
                }
            }
        }
    }

    /// Copies pictures that lie in a slice to memory without gaps.
    private mutating func close(_ id: ValueID, _ shape: Shape) throws(OperatorFault) {
        let channels = shape[1]
        let copied = moving(units: shape[0] * shape.pixels, cost: Double(shape.elementCount) * 4 * Cost.copiedByte) {
            resolver throws(OperatorFault) in
            let from = try resolver.pictures(id)
            let to = try resolver.pictures(id, .channelsLastDense)
            return { space, units in
                for pixel in units {
                    (to.mutableFloats(space) + pixel * channels)
                        .update(from: from.floats(space) + pixel * from.pixelStride, count: channels)
                }
            }
        }
        pending.append(copied)
    }

    /// A step between layouts, in the name of the node that asks for it.
    private func moving(units: Int, cost: Double, make: @escaping BodyMaker) -> Pending {
        Pending(node: current?.node.name ?? "output", operatorName: "Layout", units: units, cost: cost, make: make)
    }
}
