import PicketInference

/// What libFuzzer calls with each input: the importer must answer with a model or an error, in little time and memory.
///
/// A model that imports also gets its report, is compiled, and runs where that is cheap, so that shape rules, passes,
/// lowering and operators see what the fuzzer finds.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // Sound: libFuzzer owns `count` readable bytes at `start` for the call, and the array copies them.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let model = try? Model(bytes: bytes) {
        _ = try? ModelReport(bytes: bytes)
        if !bytes.contains(loop) { try? FuzzedRun(model, seed: count).run() }
    }
    return 0
}

/// Loops run as long as their trips say, which nobody knows before: what may hold one is planned, and does not run.
let loop: [UInt8] = Array("Loop".utf8)
