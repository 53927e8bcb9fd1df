// 128-bit vectors in plain C: SSE2 on x86-64, Advanced SIMD on 64-bit Arm.

#include <math.h>

#include "levels.h"

#define LEVEL portable
#include "lanes.inc"
