// 128-bit vectors in plain C: SSE2 on x86-64, Advanced SIMD on 64-bit Arm.

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "../mirror.h"
#include "levels.h"

#define LEVEL portable
#define LEVEL_ID PICKET_ISA_PORTABLE
#define LANES 4

#include "pictures.inc"
