// x86-64 with AVX-512. Fused multiply-adds stay out, so that bits are those of every level.

#if defined(__x86_64__)

#include <string.h>

#include "levels.h"

#define LEVEL avx512
#define WIDTH 16

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2"))), apply_to = function)
#include "lanes.inc"
#pragma clang attribute pop

#endif
