// 128-bit vectors in plain C: SSE2 on x86-64, Advanced SIMD on 64-bit Arm.

#include <string.h>

#include "levels.h"

#define LEVEL portable
#define WIDTH 4
#include "lanes.inc"
