import PicketTensor

extension DataSet {
    /// Reads `x`, and where they are there `y`, `x0` and `group`, from a NumPy `.npz` archive; float64 is rounded to
    /// float32, integer labels of any width become int64.
    init(npz path: String) throws(DataSetFault) {
        let arrays = try NpzArchive.read(path: path, names: ["x", "y", "x0", "group"])
        guard let x = arrays["x"] else {
            throw DataSetFault("\(path): no array x, expected the samples under that name")
        }
        do {
            try self.init(
                x: DataSet.samples(x, name: "x"),
                y: arrays["y"].map { (array) throws(DataSetFault) in try DataSet.integers(array, name: "y") },
                x0: arrays["x0"].map { (array) throws(DataSetFault) in try DataSet.samples(array, name: "x0") },
                group: arrays["group"].map { (array) throws(DataSetFault) in try DataSet.integers(array, name: "group")
                }
            )
        } catch {
            throw DataSetFault("\(path): \(error)")
        }
    }

    private static func samples(_ array: Tensor, name: String) throws(DataSetFault) -> Tensor {
        switch array.elementType {
        case .float32, .uint8: return array
        case .float64: return Tensor(array.elements(of: Double.self).map(Float.init), shape: array.shape)
        default: throw DataSetFault("\(name) has type \(array.elementType), expected float32 or uint8")
        }
    }

    private static func integers(_ array: Tensor, name: String) throws(DataSetFault) -> [Int64] {
        guard array.shape.rank == 1 else {
            throw DataSetFault("\(name) has shape \(array.shape), expected one number a sample")
        }
        switch array.elementType {
        case .int64: return array.elements()
        case .int32: return array.elements(of: Int32.self).map(Int64.init)
        case .int16: return array.elements(of: Int16.self).map(Int64.init)
        case .int8: return array.elements(of: Int8.self).map(Int64.init)
        case .uint8, .bool: return array.elements(of: UInt8.self).map(Int64.init)
        default: throw DataSetFault("\(name) has type \(array.elementType), expected int64")
        }
    }
}
