import Foundation
import PicketTensor

extension DataSet {
    /// Reads every JPEG and PNG file of a folder, in the order of their names.
    ///
    /// Where the folder holds folders, those are the classes: labels count them from 0 in the order of their names, unless
    /// every name starts with a number, which then is the label.
    init(folder path: String, picture: PictureFormat) throws(DataSetFault) {
        let entries = try DataSet.entries(of: path)
        let classes = entries.filter { DataSet.isFolder(path + "/" + $0) }
        let labels = DataSet.labels(of: classes)
        var files: [(path: String, label: Int64?)] = []
        for (name, label) in zip(classes, labels) {
            let folder = path + "/" + name
            files += try DataSet.entries(of: folder).filter(DataSet.isPicture).map { (folder + "/" + $0, label) }
        }
        if classes.isEmpty {
            files = entries.filter(DataSet.isPicture).map { (path + "/" + $0, nil) }
        }
        guard !files.isEmpty else {
            throw DataSetFault(
                "\(path): no pictures, expected files ending in \(PictureFile.endings.joined(separator: ", "))"
            )
        }

        let pixels = picture.height * picture.width
        var samples: [UInt8] = []
        samples.reserveCapacity(files.count * pixels * picture.channels)
        for file in files {
            let decoded = try PictureFile.decode(path: file.path, format: picture)
            if picture.channelsLast || picture.channels == 1 {
                samples += decoded
            } else {
                for channel in 0..<picture.channels {
                    samples += (0..<pixels).lazy.map { decoded[$0 * picture.channels + channel] }
                }
            }
        }
        let row =
            picture.channelsLast
            ? [picture.height, picture.width, picture.channels] : [picture.channels, picture.height, picture.width]
        try self.init(
            x: Tensor(samples, shape: Shape([files.count] + row)),
            y: classes.isEmpty ? nil : files.map { $0.label ?? 0 }
        )
    }

    private static func entries(of folder: String) throws(DataSetFault) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw DataSetFault("\(folder): neither an .npz file nor a folder that can be read")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    private static func isPicture(_ name: String) -> Bool {
        PictureFile.endings.contains { name.lowercased().hasSuffix("." + $0) }
    }

    private static func labels(of classes: [String]) -> [Int64] {
        let numbers = classes.compactMap { Int64($0.prefix { $0.isASCII && $0.isNumber }) }
        return numbers.count == classes.count ? numbers : classes.indices.map(Int64.init)
    }
}
