import CPNG
import Foundation
import PicketTensor

/// A row as a picture in the page.
struct PictureData {
    /// A `data:` URI of a PNG.
    let address: String

    /// - Parameter row: planar C × H × W pixels in 0…1, float32; shape `[C, H, W]`.
    /// - Returns: nil for what is no grey or colour picture.
    init?(_ row: Tensor) {
        guard row.elementType == .float32, row.shape.rank == 3, row.shape[0] == 1 || row.shape[0] == 3 else {
            return nil
        }
        let (channels, height, width) = (row.shape[0], row.shape[1], row.shape[2])
        let pixels: [Float] = row.elements()
        let plane = height * width
        let bytes = (0..<plane * channels).map { place in
            UInt8(min(max((pixels[place % channels * plane + place / channels] * 255).rounded(), 0), 255))
        }
        guard let file = PictureData.encoded(bytes, width: width, height: height, channels: channels) else {
            return nil
        }
        address = "data:image/png;base64," + Data(file).base64EncodedString()
    }

    private static func encoded(_ bytes: [UInt8], width: Int, height: Int, channels: Int) -> [UInt8]? {
        var image = picket_png_image()
        defer { png_image_free(&image) }
        image.width = png_uint_32(width)
        image.height = png_uint_32(height)
        image.format = channels == 1 ? picket_png_gray : picket_png_rgb
        // A PNG is at most the pixels, a filter byte a row, deflate's own overhead, and some chunks.
        var size = png_alloc_size_t(bytes.count + height + bytes.count / 1000 + 4096)
        var file = [UInt8](repeating: 0, count: size)
        let status = bytes.withUnsafeBytes { source in
            file.withUnsafeMutableBytes { target in
                png_image_write_to_memory(&image, target.baseAddress, &size, 0, source.baseAddress, 0, nil)
            }
        }
        return status != 0 ? Array(file.prefix(size)) : nil
    }
}
