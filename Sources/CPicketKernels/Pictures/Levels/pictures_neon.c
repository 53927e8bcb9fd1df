// 64-bit Arm with Advanced SIMD.

#if defined(__aarch64__)

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "../mirror.h"
#include "levels.h"

#define LEVEL neon
#define LEVEL_ID PICKET_ISA_NEON
#define LANES 4

#include "pictures.inc"

#endif
