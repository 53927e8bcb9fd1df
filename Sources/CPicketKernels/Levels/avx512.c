// x86-64 with AVX-512: 28 of 32 registers hold the matrix tile.

#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "levels.h"

#define LEVEL avx512
#define LEVEL_ID PICKET_ISA_AVX512
#define LANES 16
#define FUSED 1
#define TILE_ROWS 14
#define TILE_COLUMNS_TEXT 32
#define EACH_TILE_ROWS(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14)

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop

#endif
