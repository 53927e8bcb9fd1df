// x86-64 with AVX-512 and AVX512_BF16: the matrix tile of the AVX-512 level, over pairs of bfloat16 numbers.

#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "table.h"

#define LANES 16
#define FUSED 1
#define TILE_ROWS 14
#define TILE_VECTORS 2
#define TILE_COLUMNS (TILE_VECTORS * LANES)
#define EACH_TILE_ROWS(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14)
#define NAMED(name) name##_bf16

#pragma clang fp contract(off)
#pragma clang attribute push(                                                                                          \
    __attribute__((target("avx512bf16,avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)

#include "../Vector/vector.inc"
#include "../Vector/exponential.inc"
#include "../Vector/logarithm.inc"
#include "../Elementwise/activations.inc"
#include "../Gemm/epilogue.inc"
#include "../Rows/transpose.inc"
#include "../Gemm/copy.inc"
#include "operand.inc"
#include "../Gemm/tile.inc"
#include "tiles.inc"
#include "../Gemm/place.inc"
#include "pack.inc"
#include "../Gemm/gemm.inc"
#include "form.inc"
#include "band.inc"
#include "convolution.inc"

#pragma clang attribute pop

const picket_bfloat16_table picket_bfloat16_avx512 = {
    .gemm_name = "gemm_bf16_14x32_avx512",
    .gemm_column_tile = TILE_COLUMNS,
    .gemm_row_tile = TILE_ROWS,
    .gemm_packed_bytes = NAMED(gemm_packed_bytes),
    .gemm_pack = NAMED(gemm_pack),
    .gemm_scratch_bytes = NAMED(gemm_scratch_bytes),
    .gemm = NAMED(gemm),
    .convolution = &NAMED(convolution_kernel),
};

#endif
