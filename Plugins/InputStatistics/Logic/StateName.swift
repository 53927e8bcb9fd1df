/// A short name of what was learnt: equal states have equal names on every machine, different ones different names but for
/// one chance in 2^64 (FNV-1a, 64 bits).
enum StateName {
    static func of(_ state: [UInt8]) -> String {
        let hash = state.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
