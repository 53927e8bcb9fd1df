/// The header of a NumPy array file: NEP 1's format, versions 1 to 3.
///
/// Reads the one literal that NumPy writes (`{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, keys in any
/// order), nothing more of Python.
struct NpyHeader: Equatable {
    var elementType: ElementType
    var shape: Shape
    /// Where the elements start in the file, in bytes.
    var dataOffset: Int

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// Longer than any header of a tensor that we accept.
    static let maximumLength = 4096

    init(elementType: ElementType, shape: Shape, dataOffset: Int) {
        self.elementType = elementType
        self.shape = shape
        self.dataOffset = dataOffset
    }

    /// - Throws: ``NpyFault`` naming what is wrong with the header.
    init(parsing file: UnsafeRawBufferPointer) throws(NpyFault) {
        guard file.count >= 10, file.prefix(6).elementsEqual(NpyHeader.magic) else { throw .notNpy }
        let major = file[6]
        guard (1...3).contains(major) else { throw .header("version \(major)", expected: "1, 2 or 3") }
        let lengthBytes = major == 1 ? 2 : 4
        guard file.count >= 8 + lengthBytes else { throw .truncated(expected: 8 + lengthBytes, found: file.count) }
        let length = (0..<lengthBytes).reduce(0) { $0 | Int(file[8 + $1]) << (8 * $1) }
        guard length <= NpyHeader.maximumLength else {
            throw .header("a header of \(length) bytes", expected: "at most \(NpyHeader.maximumLength)")
        }
        let start = 8 + lengthBytes
        guard file.count >= start + length else { throw .truncated(expected: start + length, found: file.count) }
        var literal = NpyLiteral(Array(file[start..<start + length]))
        let fields = try literal.fields()
        guard !fields.fortranOrder else { throw .header("fortran_order True", expected: "False (row-major data)") }
        self.elementType = try NpyHeader.elementType(of: fields.descriptor)
        do {
            self.shape = try Shape(validating: fields.shape)
        } catch {
            throw .header("shape \(fields.shape)", expected: "\(error)")
        }
        self.dataOffset = start + length
    }

    /// The header as NumPy writes it, padded so that the elements start on a multiple of 64 bytes.
    func encoded() -> [UInt8] {
        let extents = shape.dimensions.map(String.init).joined(separator: ", ") + (shape.rank == 1 ? "," : "")
        var text =
            "{'descr': '\(NpyHeader.descriptor(of: elementType))', 'fortran_order': False, 'shape': (\(extents)), }"
        let unpadded = 10 + text.utf8.count + 1
        text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = text.utf8.count
        return NpyHeader.magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(text.utf8)
    }

    private static let descriptors: [(String, ElementType)] = [
        ("|b1", .bool), ("|u1", .uint8), ("|i1", .int8), ("<u2", .uint16), ("<i2", .int16), ("<u4", .uint32),
        ("<i4", .int32), ("<u8", .uint64), ("<i8", .int64), ("<f2", .float16), ("<f4", .float32), ("<f8", .float64),
    ]

    private static func elementType(of descriptor: String) throws(NpyFault) -> ElementType {
        guard let found = descriptors.first(where: { $0.0 == descriptor }) else {
            let known = descriptors.map(\.0).joined(separator: " ")
            throw .header("descr '\(descriptor)'", expected: "one of \(known)")
        }
        return found.1
    }

    private static func descriptor(of type: ElementType) -> String {
        // NumPy has no bfloat16: its bits travel as uint16.
        descriptors.first { $0.1 == type }?.0 ?? "<u2"
    }
}
