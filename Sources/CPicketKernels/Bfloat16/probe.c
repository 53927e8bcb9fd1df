#include "picket_bfloat16.h"

#include "table.h"

#if defined(__x86_64__)

#include <cpuid.h>

static bool cpu_multiplies_pairs(void) {
    const unsigned avx512_bf16 = 1u << 5;
    unsigned eax, ebx, ecx, edx;
    return picket_isa_available(PICKET_ISA_AVX512) && __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx)
        && (eax & avx512_bf16);
}

picket_bfloat16_support picket_bfloat16_supported(void) {
    return cpu_multiplies_pairs() ? PICKET_BFLOAT16_SUPPORTED : PICKET_BFLOAT16_NOT_ON_THIS_CPU;
}

const picket_bfloat16_table *_Nullable picket_bfloat16_kernels(void) {
    return cpu_multiplies_pairs() ? &picket_bfloat16_avx512 : NULL;
}

#else

picket_bfloat16_support picket_bfloat16_supported(void) {
    return PICKET_BFLOAT16_NOT_BUILT;
}

const picket_bfloat16_table *_Nullable picket_bfloat16_kernels(void) {
    return NULL;
}

#endif

const char *picket_bfloat16_support_message(picket_bfloat16_support support) {
    switch (support) {
    case PICKET_BFLOAT16_SUPPORTED: return "can be used";
    case PICKET_BFLOAT16_NOT_BUILT: return "not supported in this version: only x86-64 has kernels for bfloat16";
    case PICKET_BFLOAT16_NOT_ON_THIS_CPU:
        return "this CPU, or its operating system, lacks AVX-512 with AVX512_BF16, which bfloat16 needs";
    }
    return "not an answer";
}
