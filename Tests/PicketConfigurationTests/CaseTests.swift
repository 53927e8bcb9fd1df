import PicketConfiguration
import Testing

@Suite struct CaseTests {
    @Test func thereAreCases() {
        #expect(Cases.names.count >= 20)
    }

    @Test(arguments: Cases.names)
    func givesTheFaultsBesideIt(name: String) throws {
        let lines = Cases.faults(try Cases.bytes(name), file: "\(name).yaml")
        #expect(lines == (try Cases.expectedFaults(name)))
    }
}
