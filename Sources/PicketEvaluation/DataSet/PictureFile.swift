import CPNG
import CTurboJPEG
import Foundation

/// Decodes one JPEG (libjpeg-turbo) or PNG (libpng) file to 8-bit pixels, channels beside each other.
enum PictureFile {
    /// File name endings that a folder is searched for, in lower case.
    static let endings = ["jpg", "jpeg", "png"]
    static let maximumFileBytes = 256 << 20
    /// Refused before decoding: a picture this large is no classifier's input.
    static let maximumPixels = 1 << 26

    /// - Returns: height × width × channels bytes.
    static func decode(path: String, format: PictureFormat) throws(DataSetFault) -> [UInt8] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw DataSetFault("\(path): can't be read: \(error.localizedDescription)")
        }
        guard data.count <= maximumFileBytes else {
            throw DataSetFault("\(path): \(data.count) bytes, expected at most \(maximumFileBytes)")
        }
        let bytes = [UInt8](data)
        let isPNG = bytes.starts(with: [0x89, 0x50, 0x4e, 0x47])
        let decoded = try isPNG ? png(bytes, path: path, format: format) : jpeg(bytes, path: path, format: format)
        guard decoded.width == format.width, decoded.height == format.height else {
            throw DataSetFault(
                "\(path): \(decoded.width)×\(decoded.height) pixels, expected \(format.width)×\(format.height) as the model"
                    + " takes them; resize as your service does before it calls the model"
            )
        }
        return decoded.pixels
    }

    private struct Decoded {
        var width: Int
        var height: Int
        var pixels: [UInt8]
    }

    private static func png(_ bytes: [UInt8], path: String, format: PictureFormat) throws(DataSetFault) -> Decoded {
        var image = picket_png_image()
        defer { png_image_free(&image) }
        // libpng keeps a pointer to the bytes between the calls, so both happen inside one closure.
        let pixels: [UInt8]? = bytes.withUnsafeBytes { raw in
            guard png_image_begin_read_from_memory(&image, raw.baseAddress, raw.count) != 0 else { return nil }
            guard Int(image.width) * Int(image.height) <= maximumPixels else { return nil }
            image.format = format.channels == 1 ? picket_png_gray : picket_png_rgb
            var pixels = [UInt8](repeating: 0, count: Int(image.width) * Int(image.height) * format.channels)
            let done = pixels.withUnsafeMutableBytes {
                png_image_finish_read(&image, nil, $0.baseAddress, 0, nil)
            }
            return done != 0 ? pixels : nil
        }
        guard let pixels else { throw DataSetFault("\(path): a damaged or too large PNG file") }
        return Decoded(width: Int(image.width), height: Int(image.height), pixels: pixels)
    }

    private static func jpeg(_ bytes: [UInt8], path: String, format: PictureFormat) throws(DataSetFault) -> Decoded {
        guard let codec = tjInitDecompress() else { throw DataSetFault("\(path): no memory to decode it") }
        defer { tjDestroy(codec) }
        var width: Int32 = 0
        var height: Int32 = 0
        var subsampling: Int32 = 0
        var colours: Int32 = 0
        let length = UInt(bytes.count)
        guard
            bytes.withUnsafeBufferPointer({
                tjDecompressHeader3(codec, $0.baseAddress, length, &width, &height, &subsampling, &colours)
            }) == 0, Int(width) * Int(height) <= maximumPixels
        else {
            throw DataSetFault("\(path): not a JPEG or PNG file, or a too large one")
        }
        var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * format.channels)
        let layout = Int32(format.channels == 1 ? TJPF_GRAY.rawValue : TJPF_RGB.rawValue)
        let status = bytes.withUnsafeBufferPointer { source in
            pixels.withUnsafeMutableBufferPointer { target in
                tjDecompress2(codec, source.baseAddress, length, target.baseAddress, width, 0, height, layout, 0)
            }
        }
        guard status == 0 else { throw DataSetFault("\(path): \(String(cString: tjGetErrorStr2(codec)))") }
        return Decoded(width: Int(width), height: Int(height), pixels: pixels)
    }
}
