// x86-64 with AVX2. Fused multiply-adds stay out, so that bits are those of every level.

#if defined(__x86_64__)

#include <math.h>

#include "levels.h"

#define LEVEL avx2

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "lanes.inc"
#pragma clang attribute pop

#endif
