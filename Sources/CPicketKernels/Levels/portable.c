// 128-bit vectors in plain C: SSE2 on x86-64, Advanced SIMD on 64-bit Arm. No fused multiply-add, so that its bits are the
// same on every CPU.

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "levels.h"

#define LEVEL portable
#define LEVEL_ID PICKET_ISA_PORTABLE
#define LANES 4
#define FUSED 0
#define TILE_ROWS 6
#define TILE_COLUMNS_TEXT 8
#define EACH_TILE_ROWS(X) X(1) X(2) X(3) X(4) X(5) X(6)

#include "kernels.inc"
