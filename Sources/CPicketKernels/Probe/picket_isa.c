#include "picket_isa.h"

#include <stdint.h>
#include <string.h>

#include "../Levels/levels.h"

static const char *const level_names[PICKET_ISA_LEVEL_COUNT] = {"portable", "avx2", "avx512", "neon"};

#if defined(__x86_64__)

#include <cpuid.h>

/// The state that the operating system saves on a context switch (XCR0), or 0 where it does not say.
static uint64_t saved_state(void) {
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_OSXSAVE)) {
        return 0;
    }
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return ((uint64_t)high << 32) | low;
}

static bool cpu_runs_avx2(void) {
    const uint64_t sse_and_avx_state = 0x6;
    unsigned eax, ebx, ecx, edx;
    if ((saved_state() & sse_and_avx_state) != sse_and_avx_state) {
        return false;
    }
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_AVX) || !(ecx & bit_FMA)) {
        return false;
    }
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & bit_AVX2);
}

static bool cpu_runs_avx512(void) {
    const uint64_t mask_and_zmm_state = 0xe6;
    const unsigned wanted = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
    unsigned eax, ebx, ecx, edx;
    if (!cpu_runs_avx2() || (saved_state() & mask_and_zmm_state) != mask_and_zmm_state) {
        return false;
    }
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & wanted) == wanted;
}

#endif

/// The kernels of a level that this build holds, whatever the CPU.
static const picket_kernel_table *_Nullable built_kernels(picket_isa_level level) {
    switch (level) {
    case PICKET_ISA_PORTABLE: return &picket_kernels_portable;
#if defined(__x86_64__)
    case PICKET_ISA_AVX2: return &picket_kernels_avx2;
    case PICKET_ISA_AVX512: return &picket_kernels_avx512;
#endif
#if defined(__aarch64__)
    case PICKET_ISA_NEON: return &picket_kernels_neon;
#endif
    default: return NULL;
    }
}

static bool cpu_runs(picket_isa_level level) {
    switch (level) {
#if defined(__x86_64__)
    case PICKET_ISA_AVX2: return cpu_runs_avx2();
    case PICKET_ISA_AVX512: return cpu_runs_avx512();
#endif
    default: return true;  // Advanced SIMD is part of every 64-bit Arm.
    }
}

const char *picket_isa_name(picket_isa_level level) {
    return (unsigned)level < PICKET_ISA_LEVEL_COUNT ? level_names[level] : "unknown";
}

bool picket_isa_available(picket_isa_level level) {
    return built_kernels(level) != NULL && cpu_runs(level);
}

picket_isa_level picket_isa_best(void) {
    // AVX-512 is not preferred: where it runs at half rate it gains nothing, and its wide tiles waste more at the edges.
    static const picket_isa_level preferred[] = {PICKET_ISA_AVX2, PICKET_ISA_NEON};
    for (size_t i = 0; i < sizeof preferred / sizeof preferred[0]; i++) {
        if (picket_isa_available(preferred[i])) {
            return preferred[i];
        }
    }
    return PICKET_ISA_PORTABLE;
}

picket_isa_selection picket_isa_select(const char *_Nullable name, picket_isa_level *level) {
    if (name == NULL || name[0] == '\0') {
        *level = picket_isa_best();
        return PICKET_ISA_SELECTED;
    }
    for (int i = 0; i < PICKET_ISA_LEVEL_COUNT; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *level = (picket_isa_level)i;
            if (built_kernels(*level) == NULL) {
                return PICKET_ISA_NOT_BUILT;
            }
            return cpu_runs(*level) ? PICKET_ISA_SELECTED : PICKET_ISA_NOT_ON_THIS_CPU;
        }
    }
    return PICKET_ISA_UNKNOWN_NAME;
}

const char *picket_isa_selection_message(picket_isa_selection selection) {
    switch (selection) {
    case PICKET_ISA_SELECTED: return "can be used";
    case PICKET_ISA_UNKNOWN_NAME: return "no such ISA level: expected portable, avx2, avx512 or neon";
    case PICKET_ISA_NOT_BUILT: return "not supported in this version: this build has no kernels of that ISA level";
    case PICKET_ISA_NOT_ON_THIS_CPU: return "this CPU, or its operating system, cannot run that ISA level";
    }
    return "not a selection";
}

const picket_kernel_table *_Nullable picket_kernels(picket_isa_level level) {
    return picket_isa_available(level) ? built_kernels(level) : NULL;
}
