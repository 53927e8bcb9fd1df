import CZip
package import PicketTensor

/// NumPy's `.npz`: a zip archive of `.npy` files, stored or deflated; libzip unpacks it.
package enum NpzArchive {
    /// No array may unpack to more: a damaged or hostile archive is refused before the memory is taken.
    static let maximumArrayBytes: UInt64 = 8 << 30

    /// The arrays of the given names that the archive holds.
    package static func read(path: String, names: [String]) throws(DataSetFault) -> [String: Tensor] {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
            var error = zip_error_t()
            zip_error_init_with_code(&error, code)
            defer { zip_error_fini(&error) }
            throw DataSetFault("\(path): \(String(cString: zip_error_strerror(&error)))")
        }
        defer { zip_discard(archive) }
        var arrays: [String: Tensor] = [:]
        for name in names {
            let index = zip_name_locate(archive, name + ".npy", 0)
            guard index >= 0 else { continue }
            let bytes = try read(archive, index: zip_uint64_t(index), label: "\(path): \(name)")
            do {
                arrays[name] = try bytes.withUnsafeBytes { try Tensor(npy: $0) }
            } catch {
                throw DataSetFault("\(path): \(name): \(error)")
            }
        }
        return arrays
    }

    private static func read(
        _ archive: OpaquePointer,
        index: zip_uint64_t,
        label: String
    ) throws(DataSetFault) -> [UInt8] {
        var facts = zip_stat_t()
        guard zip_stat_index(archive, index, 0, &facts) == 0, facts.valid & UInt64(ZIP_STAT_SIZE) != 0 else {
            throw DataSetFault("\(label): no size in the archive's directory")
        }
        guard facts.size <= maximumArrayBytes else {
            throw DataSetFault("\(label): unpacks to \(facts.size) bytes, expected at most \(maximumArrayBytes)")
        }
        guard let file = zip_fopen_index(archive, index, 0) else {
            throw DataSetFault("\(label): \(String(cString: zip_strerror(archive)))")
        }
        defer { zip_fclose(file) }
        let size = Int(facts.size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            // The buffer has `size` bytes, and libzip writes no more than it is told.
            while count < size {
                let read = zip_fread(file, buffer.baseAddress.map { $0 + count }, zip_uint64_t(size - count))
                guard read > 0 else { break }
                count += Int(read)
            }
        }
        // libzip compares the checksum when it comes to the end of the file.
        var beyond: UInt8 = 0
        guard zip_fread(file, &beyond, 1) == 0 else {
            throw DataSetFault("\(label): damaged: its checksum or size is not what the archive's directory says")
        }
        guard bytes.count == size else {
            throw DataSetFault("\(label): unpacks to \(bytes.count) bytes, expected \(size)")
        }
        return bytes
    }
}
