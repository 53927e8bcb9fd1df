import PicketTensor
import Testing

@Suite struct ShapeTests {
    @Test(
        arguments: [
            ([], 1, []), ([0], 0, [1]), ([2, 3, 4], 24, [12, 4, 1]), ([5, 0, 2], 0, [2, 2, 1]),
            ([1 << 40], 1 << 40, [1]),
        ] as [([Int], Int, [Int])]
    )
    func countsAndStrides(dimensions: [Int], count: Int, strides: [Int]) throws {
        let shape = try Shape(validating: dimensions)
        #expect(shape.elementCount == count)
        #expect(shape.strides == strides)
    }

    @Test(
        arguments: [
            ([-1], ShapeFault.negative(axis: 0, extent: -1)),
            ([2, .min], .negative(axis: 1, extent: .min)),
            ([.max, .max], .size([.max, .max])),
            ([1 << 20, 1 << 21], .size([1 << 20, 1 << 21])),
            ([0, .max, .max], .size([0, .max, .max])),
            ([Int](repeating: 1, count: 17), .rank(17)),
        ] as [([Int], ShapeFault)]
    )
    func refusesUntrustedExtents(dimensions: [Int], fault: ShapeFault) {
        #expect(throws: fault) { try Shape(validating: dimensions) }
    }

    @Test func trapsOnInvalidExtentsOfTheProgramItself() async {
        await #expect(processExitsWith: .failure) { _ = Shape([-1]) }
    }
}
