#include <threads.h>

#include "levels.h"

/// The kernels of a level that this build holds, whatever the CPU.
static const picket_picture_table *_Nullable built(picket_isa_level level) {
    switch (level) {
    case PICKET_ISA_PORTABLE: return &picket_pictures_portable;
#if defined(__x86_64__)
    case PICKET_ISA_AVX2: return &picket_pictures_avx2;
    case PICKET_ISA_AVX512: return &picket_pictures_avx512;
#endif
#if defined(__aarch64__)
    case PICKET_ISA_NEON: return &picket_pictures_neon;
#endif
    default: return NULL;
    }
}

const picket_picture_table *_Nullable picket_pictures(picket_isa_level level) {
    return picket_isa_available(level) ? built(level) : NULL;
}

/// The best level's, but for what gains by wider vectors without running out of registers.
static picket_picture_table best;
static once_flag best_is_chosen = ONCE_FLAG_INIT;

static void choose_best(void) {
    best = *built(picket_isa_best());
    const picket_picture_table *wide = picket_pictures(PICKET_ISA_AVX512);
    if (wide != NULL) {
        best.means_scratch = wide->means_scratch;
        best.means = wide->means;
    }
}

const picket_picture_table *picket_pictures_best(void) {
    call_once(&best_is_chosen, choose_best);
    return &best;
}
