/// The bfloat16 kernels that a build may hold.

#ifndef PICKET_BFLOAT16_BUILT_H
#define PICKET_BFLOAT16_BUILT_H

#include "picket_bfloat16.h"

#if defined(__x86_64__)
extern const picket_bfloat16_table picket_bfloat16_avx512;
#endif

#endif
