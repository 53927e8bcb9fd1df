#include <stdbool.h>

#include "levels.h"

/// The kernels of a level that this build holds, whatever the CPU.
static const picket_lanes_table *_Nullable built(picket_isa_level level) {
    switch (level) {
    case PICKET_ISA_PORTABLE: return &picket_lanes_portable;
#if defined(__x86_64__)
    case PICKET_ISA_AVX2: return &picket_lanes_avx2;
    case PICKET_ISA_AVX512: return &picket_lanes_avx512;
#endif
#if defined(__aarch64__)
    // The portable kernels are Advanced SIMD there.
    case PICKET_ISA_NEON: return &picket_lanes_portable;
#endif
    default: return NULL;
    }
}

const picket_lanes_table *_Nullable picket_lanes(picket_isa_level level) {
    return picket_isa_available(level) ? built(level) : NULL;
}

const picket_lanes_table *picket_lanes_best(void) {
    // Levels differ in speed alone, so that two threads that both find the answer first write the same.
    static _Atomic(const picket_lanes_table *) best = NULL;
    const picket_lanes_table *table = best;
    if (table == NULL) {
        // Not the level that is best for matrix products: mixtures gain a third by twice as many registers.
        const bool wide = picket_isa_available(PICKET_ISA_AVX512);
        table = built(wide ? PICKET_ISA_AVX512 : picket_isa_best());
        best = table;
    }
    return table;
}
