/// Matrix products and convolutions whose factors are rounded to bfloat16, beside the float32 ones of an ISA level: for
/// CPUs that multiply pairs of bfloat16 numbers (VDPBF16PS), twice as many a cycle as float32 numbers.
///
/// The rules at the head of `picket_kernels.h` hold here too. Operands, results, biases and residuals are float32 in memory;
/// only weights are packed as bfloat16, in half the memory. Beyond those rules:
///
/// - **Rounding.** Every weight and every element of A or of an input is rounded to bfloat16 (8 significant bits) once, to
///   the nearest, halves to the even one; denormal numbers count as zeros, NaN stays NaN.
/// - **Products.** Products of bfloat16 numbers are exact in float32. The sum over K is one chain of fused multiply-adds in
///   float32 that starts at the column's bias: two neighbouring weights at a time, of which the second comes first. It rounds
///   to the nearest, whatever MXCSR says, and takes denormal sums for zeros. K ascends as for float32; where the channels of
///   a pixel are odd in number, each pixel ends with a zero.
/// - **Error.** Against the exact result with d = depth and u = 2^-8 (half a unit of 8 bits): at most
///   (2u + u² + (d + 2) · 2^-23) · Σ |a| |b| + 2^-23 · |bias|, and what flushed denormals are off.
/// - **Bits** are the same on every CPU that has the instruction.

#ifndef PICKET_BFLOAT16_H
#define PICKET_BFLOAT16_H

#include "picket_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// The kernels that multiply bfloat16 numbers. Immutable; lives as long as the process.
typedef struct picket_bfloat16_table {
    /// What the matrix kernel is, such as "gemm_bf16_14x32_avx512".
    const char *gemm_name;
    /// As in `picket_kernel_table`; packed B is bfloat16.
    size_t gemm_column_tile, gemm_row_tile;
    size_t (*gemm_packed_bytes)(size_t depth, size_t columns);
    void (*gemm_pack)(
        size_t depth, size_t columns, const float *b, size_t row_stride, size_t column_stride, float *packed);
    size_t (*gemm_scratch_bytes)(size_t rows, size_t columns, size_t depth);
    void (*gemm)(const picket_gemm *product, void *_Nullable scratch);
    /// Implicit matrix product with channels-last output: one group, three input channels at least.
    const picket_conv_kernel *convolution;
} picket_bfloat16_table;

/// Why there are no such kernels, or that there are.
typedef enum picket_bfloat16_support {
    PICKET_BFLOAT16_SUPPORTED = 0,
    /// This build has none for its architecture.
    PICKET_BFLOAT16_NOT_BUILT = 1,
    /// This CPU, or its operating system, lacks the instructions.
    PICKET_BFLOAT16_NOT_ON_THIS_CPU = 2,
} picket_bfloat16_support;

picket_bfloat16_support picket_bfloat16_supported(void);

/// One sentence about it, to stand behind what the user asked for.
const char *picket_bfloat16_support_message(picket_bfloat16_support support);

/// The kernels, or NULL where they are not supported.
const picket_bfloat16_table *_Nullable picket_bfloat16_kernels(void);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
