// x86-64 with AVX2. Fused multiply-adds stay out, so that bits are those of every level.

#if defined(__x86_64__)

#include <string.h>

#include "levels.h"

#define LEVEL avx2
#define WIDTH 8

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "lanes.inc"
#pragma clang attribute pop

#endif
