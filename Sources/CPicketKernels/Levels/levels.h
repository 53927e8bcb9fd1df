/// The kernel tables that a build may hold. One C file beside this header defines each.

#ifndef PICKET_LEVELS_H
#define PICKET_LEVELS_H

#include "picket_kernels.h"

extern const picket_kernel_table picket_kernels_portable;
#if defined(__x86_64__)
extern const picket_kernel_table picket_kernels_avx2;
extern const picket_kernel_table picket_kernels_avx512;
#endif
#if defined(__aarch64__)
extern const picket_kernel_table picket_kernels_neon;
#endif

#endif
