/// A scanner of the Python dictionary in a NumPy header: quoted strings, True, False, tuples of non-negative integers.
struct NpyLiteral {
    struct Fields: Equatable {
        var descriptor: String
        var fortranOrder: Bool
        var shape: [Int]
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// - Throws: ``NpyFault`` at the first byte that is not what the format has there.
    mutating func fields() throws(NpyFault) -> Fields {
        var descriptor: String?
        var fortranOrder: Bool?
        var shape: [Int]?
        try expect("{")
        while !accept("}") {
            let key = try quoted()
            try expect(":")
            switch key {
            case "descr": descriptor = try quoted()
            case "fortran_order": fortranOrder = try boolean()
            case "shape": shape = try tuple()
            default: throw .header("key '\(key)'", expected: "descr, fortran_order or shape")
            }
            if !accept(",") {
                try expect("}")
                break
            }
        }
        guard let descriptor, let fortranOrder, let shape else {
            throw .header("a key left out", expected: "descr, fortran_order and shape")
        }
        return Fields(descriptor: descriptor, fortranOrder: fortranOrder, shape: shape)
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: "\n") {
            position += 1
        }
    }

    private mutating func accept(_ text: StaticString) -> Bool {
        skipBlanks()
        let wanted = text.withUTF8Buffer { Array($0) }
        guard bytes[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    private mutating func expect(_ text: StaticString) throws(NpyFault) {
        guard accept(text) else { throw .header("byte \(position) of the dictionary", expected: "'\(text)'") }
    }

    private mutating func quoted() throws(NpyFault) -> String {
        try expect("'")
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "'")) else {
            throw .header("a string without end", expected: "a closing quote")
        }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end].prefix(64), as: UTF8.self)
    }

    private mutating func boolean() throws(NpyFault) -> Bool {
        if accept("True") { return true }
        if accept("False") { return false }
        throw .header("byte \(position) of the dictionary", expected: "True or False")
    }

    private mutating func tuple() throws(NpyFault) -> [Int] {
        var numbers: [Int] = []
        try expect("(")
        while !accept(")") {
            guard numbers.count < Shape.maximumRank else {
                throw .header("a longer shape", expected: "at most \(Shape.maximumRank) axes")
            }
            numbers.append(try integer())
            if !accept(",") {
                try expect(")")
                break
            }
        }
        return numbers
    }

    private mutating func integer() throws(NpyFault) -> Int {
        skipBlanks()
        let digits = bytes[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let value = Int(String(decoding: digits.prefix(20), as: UTF8.self)) else {
            throw .header("byte \(position) of the dictionary", expected: "an extent")
        }
        position += digits.count
        return value
    }
}
