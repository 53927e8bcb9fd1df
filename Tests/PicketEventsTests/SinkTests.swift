import Foundation
import PicketEvents
import Testing

@Suite struct SinkTests {
    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    private let line = String(decoding: Samples.flagged.json, as: UTF8.self)

    @Test func linesAreAppended() throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("events.jsonl").path
        try "{}\n".write(toFile: path, atomically: true, encoding: .utf8)
        let sink = JSONLinesSink(path: path)
        #expect(sink.write([Samples.flagged, Samples.flagged]) == SinkResult(written: 2, failed: 0))
        #expect(try lines(path) == ["{}", line, line, ""])
    }

    @Test func aNewFileIsNotForEverybody() throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("events.jsonl").path
        #expect(JSONLinesSink(path: path).open() == nil)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 & ~0o640 == 0)
        #expect(status.st_mode & 0o600 == 0o600)
    }

    @Test func aFullDiskIsCounted() {
        let sink = JSONLinesSink(path: "/dev/full")
        #expect(sink.write([Samples.flagged, Samples.flagged]) == SinkResult(written: 0, failed: 2))
        #expect(sink.write([Samples.flagged]) == SinkResult(written: 0, failed: 1))
    }

    @Test func aFullDiskDoesNotStopTheQueue() async {
        let memory = MemorySink()
        let queue = EventQueue(sinks: [JSONLinesSink(path: "/dev/full"), memory])
        for _ in 0..<50 { queue.submit(Samples.flagged) }
        #expect(await queue.close())
        #expect(queue.counters.sinks[0].failed == 50)
        #expect(queue.counters.sinks[1].written == 50)
        #expect(memory.written.count == 50)
    }

    /// A disk that was full, or a power cut, left the beginning of a line.
    @Test func aTornLineStaysAlone() throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("events.jsonl").path
        try (line + "\n" + line.prefix(100)).write(toFile: path, atomically: true, encoding: .utf8)
        let sink = JSONLinesSink(path: path)
        #expect(sink.write([Samples.flagged, Samples.flagged]).written == 2)
        #expect(try lines(path) == [line, String(line.prefix(100)), line, line, ""])
    }

    @Test func aFolderThatComesBackIsUsed() throws {
        let folder = try Samples.folder()
        try FileManager.default.removeItem(at: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("events.jsonl").path
        let sink = JSONLinesSink(path: path)
        #expect(sink.open() == ENOENT)
        #expect(sink.write([Samples.flagged]) == SinkResult(written: 0, failed: 1))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        #expect(sink.write([Samples.flagged]) == SinkResult(written: 1, failed: 0))
        #expect(try lines(path) == [line, ""])
    }

    @Test func aRotatedFileIsLetGo() throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("events.jsonl").path
        let sink = JSONLinesSink(path: path)
        _ = sink.write([Samples.flagged])
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        _ = sink.write([Samples.flagged])
        sink.reopen()
        _ = sink.write([Samples.flagged])
        #expect(try lines(path + ".1") == [line, line, ""])
        #expect(try lines(path) == [line, ""])
    }

    @Test func aPipeWithoutAReaderIsAnError() throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("fifo").path
        #expect(mkfifo(path, 0o600) == 0)
        #expect(JSONLinesSink(path: path).write([Samples.flagged]) == SinkResult(written: 0, failed: 1))
    }

    /// A pipe of 4 KiB takes the beginning of a longer line: that event is lost and counted.
    @Test func aShortWriteIsCounted() throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("fifo").path
        #expect(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        let setPipeSize: Int32 = 1031
        #expect(fcntl(reader, setPipeSize, 4096) == 4096)
        var event = Samples.flagged
        event.details = ["long": String(repeating: "x", count: 1000), "longer": String(repeating: "y", count: 1000)]
        event.detectors = Array(repeating: event.detectors[0], count: 64)
        #expect(event.json.count > 4096)
        #expect(JSONLinesSink(path: path).write([event]) == SinkResult(written: 0, failed: 1))
        var bytes = [UInt8](repeating: 0, count: 8192)
        #expect(read(reader, &bytes, bytes.count) == 4096)
    }

    /// Several writers on one file: no line is torn.
    @Test func linesOfSeveralWritersStayWhole() async throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("events.jsonl").path
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    let sink = JSONLinesSink(path: path)
                    for _ in 0..<500 { _ = sink.write([Samples.flagged]) }
                }
            }
        }
        let lines = try lines(path)
        #expect(lines.count == 2001)
        #expect(lines.dropLast().allSatisfy { $0 == line })
    }

    /// Where no journal listens nothing is written, and that is said; where one does, everything is.
    @Test func theJournalsAbsenceIsCounted() {
        let hasJournal = access("/run/systemd/journal/socket", W_OK) == 0
        let result = JournalSink().write([Samples.flagged, Event(.started)])
        #expect(result == (hasJournal ? SinkResult(written: 2, failed: 0) : SinkResult(written: 0, failed: 2)))
    }
}
