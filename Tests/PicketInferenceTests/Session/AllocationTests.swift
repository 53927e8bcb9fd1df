import CAllocationCount
import Foundation
import PicketInference
import Testing

@Suite("A warm pass")
struct AllocationTests {
    static let cases: [(model: String, threads: Int)] = ["fashion-cnn", "fashion-b", "fashion-c"].flatMap { model in
        [1, 2].map { (model, $0) }
    }

    @Test("allocates nothing and takes no lock of the model", arguments: cases)
    func allocates(model: String, threads: Int) throws {
        let path = ExamplePassTests.folder.appending(path: "\(model).onnx").path
        let session = Session(try CompiledModel(Model(path: path)), threads: threads)
        let run = {
            _ = try session.run(rows: 8) { _, row in row[0].initializeMemory(as: UInt8.self, repeating: 0) }
        }
        for _ in 0..<3 { try run() }
        let pass = try session.lastPass()
        try pass()
        let lookups = session.planLookups
        let before = allocation_count()
        try pass()
        #expect(allocation_count() == before)
        // A whole run makes its results and the lists around them, the same number each time.
        let begun = allocation_count()
        try run()
        let once = allocation_count() - begun
        for _ in 0..<10 { try run() }
        #expect(allocation_count() - begun == 11 * once)
        #expect(once <= 40, "\(once) allocations")
        #expect(session.planLookups == lookups)
    }

    @Test("of element-wise chains allocates nothing", arguments: ChainCase.all)
    func chains(chain: ChainCase) throws {
        let session = Session(try CompiledGraph(chain.graph(), kernels: KernelTable.selected()))
        _ = try session.run(["x": ChainCase.rows(3)])
        let pass = try session.lastPass()
        try pass()
        let before = allocation_count()
        try pass()
        #expect(allocation_count() == before)
    }

    @Test("counts what is allocated")
    func counter() {
        let before = allocation_count()
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 64)
        #expect(allocation_count() > before)
        memory.deallocate()
    }
}
