// x86-64 with AVX-512. Fused multiply-adds stay out: see pictures.inc.

#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "../mirror.h"
#include "levels.h"

#define LEVEL avx512
#define LEVEL_ID PICKET_ISA_AVX512
#define LANES 16

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2"))), apply_to = function)
#include "pictures.inc"
#pragma clang attribute pop

#endif
