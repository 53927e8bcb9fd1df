import PicketInference

/// What libFuzzer calls with each input: the importer must answer with a model or an error, in little time and memory.
///
/// A model that imports also gets its report, so that the passes and the analysis of batches run on what the fuzzer
/// finds.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // Sound: libFuzzer owns `count` readable bytes at `start` for the call, and the array copies them.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if (try? Model(bytes: bytes)) != nil {
        _ = try? ModelReport(bytes: bytes)
    }
    return 0
}
