/// The tables of lane kernels that a build may hold. One C file beside this header defines each.

#ifndef PICKET_LANES_LEVELS_H
#define PICKET_LANES_LEVELS_H

#include "picket_lanes.h"

extern const picket_lanes_table picket_lanes_portable;
#if defined(__x86_64__)
extern const picket_lanes_table picket_lanes_avx2;
extern const picket_lanes_table picket_lanes_avx512;
#endif

#endif
