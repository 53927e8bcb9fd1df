// x86-64 with AVX2. Fused multiply-adds stay out: see pictures.inc.

#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "../mirror.h"
#include "levels.h"

#define LEVEL avx2
#define LEVEL_ID PICKET_ISA_AVX2
#define LANES 8

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "pictures.inc"
#pragma clang attribute pop

#endif
