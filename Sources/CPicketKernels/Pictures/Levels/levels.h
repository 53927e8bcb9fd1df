/// The tables of picture kernels that a build may hold. One C file beside this header defines each.

#ifndef PICKET_PICTURES_LEVELS_H
#define PICKET_PICTURES_LEVELS_H

#include "picket_pictures.h"

extern const picket_picture_table picket_pictures_portable;
#if defined(__x86_64__)
extern const picket_picture_table picket_pictures_avx2;
extern const picket_picture_table picket_pictures_avx512;
#endif
#if defined(__aarch64__)
extern const picket_picture_table picket_pictures_neon;
#endif

#endif
