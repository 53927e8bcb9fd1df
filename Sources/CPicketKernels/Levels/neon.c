// 64-bit Arm with Advanced SIMD: 24 of 32 registers hold the matrix tile.

#if defined(__aarch64__)

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "levels.h"

#define LEVEL neon
#define LEVEL_ID PICKET_ISA_NEON
#define LANES 4
#define FUSED 1
#define TILE_ROWS 12
#define TILE_COLUMNS_TEXT 8
#define EACH_TILE_ROWS(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)

#include "kernels.inc"

#endif
