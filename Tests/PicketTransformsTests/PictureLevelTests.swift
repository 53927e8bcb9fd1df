import CPicketKernels
import PicketTransforms
import Testing

/// Every level that this CPU runs gives the portable one's bits: a verdict does not depend on the machine.
@Suite struct PictureLevelTests {
    typealias Kernels = UnsafePointer<picket_picture_table>

    static var levels: [Kernels] {
        (1..<UInt32(PICKET_ISA_LEVEL_COUNT)).compactMap { picket_pictures(picket_isa_level(rawValue: $0)) }
    }

    static let shapes: [(Int, Int)] = [(1, 1), (1, 40), (33, 1), (2, 3), (15, 15), (17, 16), (28, 28), (61, 83)]

    /// A kernel with its parameters, on one plane of height × width.
    struct Kernel: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let run:
            @Sendable (Kernels, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int, UnsafeMutableRawPointer) ->
                Void
    }

    static let kernels: [Kernel] =
        [
            Kernel(testDescription: "quantise") { kernels, from, to, height, width, _ in
                kernels.pointee.quantise(from, to, height * width, 7)
            },
            Kernel(testDescription: "bytes") { kernels, from, to, height, width, scratch in
                let bytes = scratch.assumingMemoryBound(to: UInt8.self)
                kernels.pointee.to_bytes(from, bytes, 1, height * width)
                kernels.pointee.from_bytes(bytes, to, 1, height * width)
            },
            Kernel(testDescription: "levels") { kernels, from, to, height, width, _ in
                #expect(kernels.pointee.to_levels(from, to, height * width))
            },
            Kernel(testDescription: "texture") { kernels, from, to, height, width, scratch in
                let pixels = height * width
                let flags = scratch.assumingMemoryBound(to: UInt8.self)
                let rest = scratch + (pixels + 63) / 64 * 64
                kernels.pointee.texture(from, flags, height, width, 1.5, rest)
                for pixel in 0..<pixels { to[pixel] = Float(flags[pixel]) }
            },
            Kernel(testDescription: "shift") { kernels, from, to, height, width, _ in
                kernels.pointee.shift(from, to, height, width, -3, 2)
            },
            Kernel(testDescription: "flip") { kernels, from, to, height, width, _ in
                kernels.pointee.flip(from, to, height, width)
            },
            Kernel(testDescription: "rotate") { $0.pointee.rotate($1, $2, 1, $3, $4, 0.8, -0.6, $5) },
            Kernel(testDescription: "resample") { kernels, from, to, height, width, scratch in
                var sizes = picket_resampling(
                    channels: 1,
                    source_height: height,
                    source_width: width,
                    source_stride: width,
                    source_plane: height * width,
                    height: height,
                    width: width,
                    stride: width,
                    plane: height * width,
                    rows: .init(origin: -3.7, step: 1.13, mirrored: true),
                    columns: .init(origin: 0.2, step: 0.7, mirrored: false)
                )
                kernels.pointee.resample(from, to, &sizes, scratch)
            },
            Kernel(testDescription: "blur") { $0.pointee.blur($1, $2, $3, $4, 1.3, 5, $5) },
            Kernel(testDescription: "noise") { kernels, from, to, height, width, _ in
                kernels.pointee.noise(from, to, height * width, 0.3, 0xfeed_f00d_dead_beef, false)
            },
            Kernel(testDescription: "variation") { $0.pointee.variation($1, $2, $3, $4, 0.1, 30, $5) },
            Kernel(testDescription: "masked variation") { kernels, from, to, height, width, scratch in
                let pixels = height * width
                let mask = scratch.assumingMemoryBound(to: Float.self)
                picket_picture_mask(mask, pixels, 0.5, 5)
                let rest = scratch + (pixels * 4 + 63) / 64 * 64
                kernels.pointee.masked_variation(from, mask, to, height, width, 0.03, 40, rest)
            },
            Kernel(testDescription: "wavelet") { $0.pointee.wavelet($1, $2, $3, $4, -1, $5) },
        ] + [2, 3, 4, 7, 15].map(median) + [(13, 3, 4), (5, 5, 20), (3, 7, 200)].map(means)

    static func median(side: Int) -> Kernel {
        Kernel(testDescription: "median \(side)") { $0.pointee.median($1, $2, $3, $4, side, $5) }
    }

    static func means(search: Int, patch: Int, strength: Double) -> Kernel {
        Kernel(testDescription: "means \(search)-\(patch)-\(strength)") { kernels, from, to, height, width, scratch in
            var means = picket_means(
                channels: 1,
                height: height,
                width: width,
                search: search,
                patch: patch,
                strength: strength
            )
            kernels.pointee.means(from, to, &means, scratch)
        }
    }

    @Test(arguments: kernels, shapes) func levelsAgreeToTheBit(_ kernel: Kernel, _ extents: (Int, Int)) throws {
        let portable = try #require(picket_pictures(PICKET_ISA_PORTABLE))
        let shape = PictureShape(channels: 1, height: extents.0, width: extents.1)
        // Off the byte grid, so that sums round.
        let picture = testPicture(shape, seed: 11).map { $0 * 0.937 + 0.021 }
        let expected = result(of: kernel, portable, picture, shape)
        #expect(expected.allSatisfy { $0.isFinite })
        for level in PictureLevelTests.levels {
            let name = String(cString: picket_isa_name(level.pointee.level))
            #expect(
                result(of: kernel, level, picture, shape).map(\.bitPattern) == expected.map(\.bitPattern),
                "\(name)"
            )
        }
    }

    private func result(of kernel: Kernel, _ kernels: Kernels, _ picture: [Float], _ shape: PictureShape) -> [Float] {
        var result = [Float](repeating: .nan, count: picture.count)
        // More than any kernel asks for at these sizes; dirty, since what scratch holds means nothing.
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 22, alignment: 64)
        defer { scratch.deallocate() }
        for index in scratch.indices { scratch[index] = 0xff }
        picture.withUnsafeBufferPointer { from in
            result.withUnsafeMutableBufferPointer { to in
                guard let from = from.baseAddress, let to = to.baseAddress, let scratch = scratch.baseAddress else {
                    return
                }
                kernel.run(kernels, from, to, shape.height, shape.width, scratch)
            }
        }
        return result
    }

    @Test func wordsAreRandom123s() {
        var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        withUnsafeMutablePointer(to: &words) {
            $0.withMemoryRebound(to: UInt32.self, capacity: 4) { picket_random_words(0, 0, 0, $0) }
        }
        #expect(words == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    }
}
