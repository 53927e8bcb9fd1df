import Foundation

/// The elements of a .npy file, as NumPy's format 1.0 has them: what the golden cases need and no more.
struct NumpyFile {
    private let header: String
    private let data: Data

    init(_ file: URL) throws {
        let whole = try Data(contentsOf: file)
        let length = Int(whole[8]) | Int(whole[9]) << 8
        header = String(decoding: whole[10..<10 + length], as: UTF8.self)
        data = whole[(10 + length)...]
    }

    var bytes: [UInt8] {
        precondition(header.contains("'|u1'"), "bytes are asked of a file of bytes, this is \(header)")
        return Array(data)
    }

    var floats: [Float] {
        precondition(header.contains("'<f4'"), "floats are asked of a file of floats, this is \(header)")
        return data.withUnsafeBytes { raw in
            (0..<raw.count / 4).map { Float(bitPattern: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)) }
        }
    }
}
