import PicketTensor
import Testing

@Suite struct TensorTests {
    @Test func aWriteDoesNotReachAnotherTensor() {
        var first = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
        let second = first
        first.withUnsafeMutableElements(of: Float.self) { $0[0] = 9 }
        #expect(first.elements() == [9, 2, 3, 4] as [Float])
        #expect(second.elements() == [1, 2, 3, 4] as [Float])
    }

    @Test func aWriteToASliceStaysInTheSlice() {
        let whole = Tensor(Array(0..<12).map(Int32.init), shape: [4, 3])
        var slice = whole.rows(1..<3)
        #expect(slice.elements() == [3, 4, 5, 6, 7, 8] as [Int32])
        slice.withUnsafeMutableElements(of: Int32.self) { $0[0] = -1 }
        #expect(slice.elements() == [-1, 4, 5, 6, 7, 8] as [Int32])
        #expect(whole.elements() == Array(0..<12).map(Int32.init))
        #expect(whole.row(3).shape == [3])
        #expect(whole.row(3).elements() == [9, 10, 11] as [Int32])
    }

    @Test func rowsGoBelowRows() {
        let joined = Tensor.concatenatingRows([
            Tensor([1, 2] as [Float], shape: [1, 2]), Tensor([3, 4, 5, 6] as [Float], shape: [2, 2]),
        ])
        #expect(joined.shape == [3, 2])
        #expect(joined.elements() == [1, 2, 3, 4, 5, 6] as [Float])
    }

    @Test func bytesMustFillTheShape() {
        let bytes = [UInt8](repeating: 0, count: 7)
        #expect(throws: TensorFault.byteCount(found: 7, expected: 8)) {
            try bytes.withUnsafeBytes { try Tensor(.float32, shape: [2], copying: $0) }
        }
    }

    @Test func storageIsAlignedForTheWidestRegister() {
        for count in [1, 3, 64, 1000] {
            let tensor = Tensor(zeros: .uint8, shape: [count])
            tensor.withUnsafeBytes { #expect(Int(bitPattern: $0.baseAddress) % 64 == 0) }
            #expect(tensor.elements(of: UInt8.self).allSatisfy { $0 == 0 })
        }
    }

    @Test func trapsOnAnotherElementType() async {
        await #expect(processExitsWith: .failure) {
            _ = Tensor(zeros: .float32, shape: [1]).elements(of: Int32.self)
        }
    }
}
