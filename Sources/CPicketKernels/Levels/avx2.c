// x86-64 with AVX2 and FMA: 12 of 16 registers hold the matrix tile.

#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "levels.h"

#define LEVEL avx2
#define LEVEL_ID PICKET_ISA_AVX2
#define LANES 8
#define FUSED 1
#define TILE_ROWS 6
#define TILE_COLUMNS_TEXT 16
#define EACH_TILE_ROWS(X) X(1) X(2) X(3) X(4) X(5) X(6)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop

#endif
