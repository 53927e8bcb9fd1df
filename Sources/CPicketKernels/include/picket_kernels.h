/// float32 micro-kernels of the inference core, one table of functions per ISA level.
///
/// Rules that hold for every function below, unless its comment says otherwise:
///
/// - **Layout.** Tensors are row-major and contiguous; pictures lie as `picket_layout` has it. A "row stride" counts floats,
///   not bytes, from the start of one row to the start of the next.
/// - **Alignment.** Tensors need the alignment of a float only. Packed weights and scratch must be 64-byte aligned.
/// - **Aliasing.** Outputs must not overlap inputs. Element-wise functions also run in place: output == input, exactly.
/// - **Memory.** Nothing is allocated, locked or kept between calls. A function that needs scratch has a function beside
///   it that says how many bytes; scratch belongs to one call at a time, its contents mean nothing between calls.
///   Nothing is written outside the output's elements, nothing is read outside the inputs' elements.
/// - **Threads.** All functions are reentrant. Work is split by the caller: over rows, images, planes or the units
///   of a convolution, with one scratch per thread.
/// - **Reproducibility.** Within one ISA level an element's bits depend on the operands of that element alone: never on the
///   batch size, its position in the batch, the sub-range of a call, or which tile it fell into. (A sum over K is always
///   one chain in ascending K, from the column's bias on.) Levels may differ from each other by rounding.
/// - **Special values.** NaN and infinities propagate as IEEE 754 arithmetic has it; every activation maps NaN to NaN, and
///   a maximum over a window that holds NaN is NaN.
/// - **Preconditions** are the caller's: sizes are validated when a plan is built, and the kernels trust them. Zero sizes
///   (rows, columns, depth, planes, counts) are allowed and do what an empty sum or an empty loop does.

#ifndef PICKET_KERNELS_H
#define PICKET_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

#include "picket_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// Alignment in bytes that packed weights and scratch need.
#define PICKET_KERNEL_ALIGNMENT 64

/// Activations that GEMM and convolution apply to an element on its way out.
typedef enum picket_activation {
    PICKET_ACTIVATION_NONE = 0,
    /// max(x, 0)
    PICKET_ACTIVATION_RELU = 1,
    /// x < 0 ? alpha · x : x
    PICKET_ACTIVATION_LEAKY_RELU = 2,
    /// min(max(x, alpha), beta)
    PICKET_ACTIVATION_CLIP = 3,
    /// x · min(max(x / 6 + 1 / 2, 0), 1)   (ONNX HardSwish, opset 14)
    PICKET_ACTIVATION_HARD_SWISH = 4,
    /// 1 / (1 + exp(-x))
    PICKET_ACTIVATION_SIGMOID = 5,
    /// x / (1 + exp(-x))
    PICKET_ACTIVATION_SILU = 6,
    /// x / 2 · (1 + erf(x / sqrt 2))   (ONNX Gelu, opset 20, approximate = none)
    PICKET_ACTIVATION_GELU = 7,
} picket_activation;

/// Element-wise functions of one operand. NaN becomes NaN in all of them.
typedef enum picket_unary {
    /// max(x, 0)
    PICKET_UNARY_RELU = 0,
    /// x < 0 ? alpha · x : x
    PICKET_UNARY_LEAKY_RELU = 1,
    /// min(max(x, alpha), beta); with alpha > beta everything is beta
    PICKET_UNARY_CLIP = 2,
    /// 1 / (1 + exp(-x)), at most 4 ulp off
    PICKET_UNARY_SIGMOID = 3,
    /// At most 4 ulp off
    PICKET_UNARY_TANH = 4,
    /// x · min(max(x / 6 + 1 / 2, 0), 1)
    PICKET_UNARY_HARD_SWISH = 5,
    /// At most 2 ulp off (results below the smallest normal number: one unit of the last subnormal place)
    PICKET_UNARY_EXP = 6,
    /// At most 4 ulp off
    PICKET_UNARY_ERF = 7,
    /// Natural; at most 2 ulp off; NaN below zero, -infinity of zero
    PICKET_UNARY_LOG = 8,
    /// Rounded correctly, as are the following up to SIGN
    PICKET_UNARY_SQRT = 9,
    /// 1 / x
    PICKET_UNARY_RECIPROCAL = 10,
    PICKET_UNARY_ABS = 11,
    PICKET_UNARY_NEGATE = 12,
    PICKET_UNARY_FLOOR = 13,
    PICKET_UNARY_CEIL = 14,
    /// To the nearest, halves to the even one
    PICKET_UNARY_ROUND = 15,
    /// -1, x (a zero) or 1
    PICKET_UNARY_SIGN = 16,
    /// x / (1 + exp(-x)), at most 4 ulp off; a zero below -88.7, NaN of -infinity
    PICKET_UNARY_SILU = 17,
    /// x / 2 · (1 + erf(x / sqrt 2)), at most 4 ulp or |x| / 2^22 off; NaN of -infinity
    PICKET_UNARY_GELU = 18,
    /// x / 2 · (1 + tanh(sqrt(2 / pi) · (x + 0.044715 · x³))), errors as GELU's
    PICKET_UNARY_GELU_TANH = 19,
    /// x < 0 ? alpha · (exp(x) - 1) : x, at most 4 ulp off
    PICKET_UNARY_ELU = 20,
    /// beta · (x < 0 ? alpha · (exp(x) - 1) : x), at most 4 ulp off
    PICKET_UNARY_SELU = 21,
    /// max(x, 0) + min(alpha · (exp(x / alpha) - 1), 0); errors as of an exact division x / alpha and ELU
    PICKET_UNARY_CELU = 22,
    /// log(1 + exp(x)), at most 4 ulp off
    PICKET_UNARY_SOFTPLUS = 23,
    /// x · tanh(log(1 + exp(x))), at most 4 ulp off; a zero below -88.7, NaN of -infinity
    PICKET_UNARY_MISH = 24,
    /// min(max(alpha · x + beta, 0), 1)
    PICKET_UNARY_HARD_SIGMOID = 25,
    /// x / (1 + |x|)
    PICKET_UNARY_SOFTSIGN = 26,
    /// x > alpha ? x : 0
    PICKET_UNARY_THRESHOLDED_RELU = 27,
    /// x to the power of alpha: -1, 0, 1/2, 1, 2 and 3 by arithmetic, others as the C library's powf; NaN to the power of
    /// 0 is 1, as IEEE 754 has it
    PICKET_UNARY_POWER = 28,
    /// The C library's sinf, cosf, …: one element at a time.
    PICKET_UNARY_SIN = 29,
    PICKET_UNARY_COS = 30,
    PICKET_UNARY_TAN = 31,
    PICKET_UNARY_ASIN = 32,
    PICKET_UNARY_ACOS = 33,
    PICKET_UNARY_ATAN = 34,
    PICKET_UNARY_SINH = 35,
    PICKET_UNARY_COSH = 36,
    PICKET_UNARY_ASINH = 37,
    PICKET_UNARY_ACOSH = 38,
    PICKET_UNARY_ATANH = 39,
} picket_unary;

/// Element-wise functions of two operands.
typedef enum picket_binary {
    PICKET_BINARY_ADD = 0,
    PICKET_BINARY_SUBTRACT = 1,
    PICKET_BINARY_MULTIPLY = 2,
    PICKET_BINARY_DIVIDE = 3,
    /// The smaller and the greater; NaN where either is NaN; of zeros of both signs, either
    PICKET_BINARY_MINIMUM = 4,
    PICKET_BINARY_MAXIMUM = 5,
    /// a < 0 ? a · b : a   (ONNX PRelu: b are the slopes)
    PICKET_BINARY_PRELU = 6,
    /// a to the power of b as the C library's powf: one element at a time
    PICKET_BINARY_POWER = 7,
} picket_binary;
#define PICKET_BINARY_COUNT 8

/// One function of a chain: of the value so far, and of a second operand where it has one.
typedef struct picket_link {
    /// Whether it has.
    bool is_binary;
    /// Whether the second operand is the function's left one.
    bool is_left;
    /// A picket_unary or a picket_binary.
    int function;
    /// Of a function of one operand.
    float alpha, beta;
    /// Element (r, i) of the second operand is at operand[r · row_stride + i · step]; the step is 0 or 1.
    const float *_Nullable operand;
    size_t row_stride, step;
    /// Where the value is kept as it is behind this link, row after row without gaps; NULL where nobody else reads it.
    float *_Nullable target;
} picket_link;

/// One matrix product with its epilogue:
/// C[i, j] = activation(Σk A[i, k] · B[k, j] + column_bias[j] + row_bias[i] + residual[i, j]).
///
/// Split over rows by offsetting `a`, `c`, `row_bias` and `residual`; split over columns with `column_begin` and
/// `column_end`.
typedef struct picket_gemm {
    /// M, N and K of the whole product.
    size_t rows, columns, depth;
    /// A, element (i, k) at a[i · a_row_stride + k].
    const float *a;
    size_t a_row_stride;
    /// B as `gemm_pack` wrote it, whole, whatever columns are asked for.
    const float *packed_b;
    /// C, element (i, j) at c[i · c_row_stride + j].
    float *c;
    size_t c_row_stride;
    /// `columns` floats, or NULL.
    const float *_Nullable column_bias;
    /// `rows` floats, or NULL.
    const float *_Nullable row_bias;
    /// Element (i, j) at residual[i · residual_row_stride + j], or NULL. Must not overlap C. A stride of 0 adds the same
    /// row to all.
    const float *_Nullable residual;
    size_t residual_row_stride;
    picket_activation activation;
    /// Parameters of the activation.
    float alpha, beta;
    /// The columns to compute: column_begin ..< column_end, of 0 ..< columns. The begin must be a multiple of the table's
    /// `gemm_column_tile`, the end a multiple of it or `columns`.
    size_t column_begin, column_end;
} picket_gemm;

/// Shape of a 2-D convolution (a 1-D one has height 1), one image at a time or many. Bottom and right padding follow from
/// the output size; what lies outside the input counts as 0.
typedef struct picket_conv2d {
    /// Channels of input and output over all groups; both are multiples of `groups`.
    size_t groups, in_channels, out_channels;
    size_t in_height, in_width, out_height, out_width;
    size_t kernel_height, kernel_width;
    /// At least 1 each.
    size_t stride_height, stride_width, dilation_height, dilation_width;
    size_t pad_top, pad_left;
    picket_activation activation;
    /// Parameters of the activation.
    float alpha, beta;
} picket_conv2d;

/// How pictures lie in memory.
typedef enum picket_layout {
    /// NCHW: element (image, channel, pixel) at image · image_stride + channel · pixels + pixel.
    PICKET_LAYOUT_PLANAR = 0,
    /// NHWC: element (image, pixel, channel) at image · image_stride + pixel · pixel_stride + channel, with a pixel_stride of
    /// at least the number of channels, so that the channels may be a slice of a wider picture's.
    PICKET_LAYOUT_CHANNELS_LAST = 1,
} picket_layout;

/// Ways to compute a convolution with channels-last output.
typedef enum picket_conv_algorithm {
    /// Implicit matrix product; everything, with groups, planar or channels-last input.
    PICKET_CONV_GEMM = 0,
    /// Direct; one input and one output channel a group, channels-last input.
    PICKET_CONV_DEPTHWISE = 1,
    /// Winograd F(2×2, 3×3) and F(4×4, 3×3): one group, 3×3, stride 1, no dilation, channels-last input.
    PICKET_CONV_WINOGRAD_2 = 2,
    PICKET_CONV_WINOGRAD_4 = 3,
} picket_conv_algorithm;
#define PICKET_CONV_ALGORITHM_COUNT 4

/// What one call of a convolution reads and writes, and the part of the output that it computes.
typedef struct picket_conv_call {
    /// The weights as the algorithm's `pack` wrote them.
    const float *packed_weights;
    /// `out_channels` floats, or NULL.
    const float *_Nullable bias;
    /// `images` pictures in the layout that the algorithm was asked for; a planar input has no pixel stride.
    const float *input;
    size_t input_image_stride, input_pixel_stride;
    /// `images` channels-last pictures of the output's size, added before the activation, or NULL. Must not overlap the
    /// output.
    const float *_Nullable residual;
    size_t residual_image_stride, residual_pixel_stride;
    /// `images` channels-last pictures.
    float *output;
    size_t output_image_stride, output_pixel_stride;
    size_t images;
    /// The units to compute, begin ..< end, of 0 ..< `units(shape, images)`.
    size_t unit_begin, unit_end;
} picket_conv_call;

/// One way to compute convolutions: output = activation(convolution + bias + residual).
typedef struct picket_conv_kernel {
    /// Such as "conv_gemm_avx2".
    const char *name;
    bool (*supports)(const picket_conv2d *shape, picket_layout input);
    /// Bytes that `pack` writes.
    size_t (*packed_bytes)(const picket_conv2d *shape, picket_layout input);
    /// Packs weights of out_channels × (in_channels / groups) × kernel_height × kernel_width.
    void (*pack)(const picket_conv2d *shape, picket_layout input, const float *weights, float *packed);
    /// Independent parts of the work over so many images, of about equal cost, whatever they are.
    size_t (*units)(const picket_conv2d *shape, picket_layout input, size_t images);
    /// Scratch that one call of any size needs.
    size_t (*scratch_bytes)(const picket_conv2d *shape, picket_layout input);
    void (*run)(const picket_conv2d *shape, picket_layout input, const picket_conv_call *call, void *_Nullable scratch);
} picket_conv_kernel;

/// Shape of a 2-D pooling (a 1-D one has height 1). The output's size is the caller's: ceil_mode is that.
typedef struct picket_pool2d {
    size_t in_height, in_width, out_height, out_width;
    size_t kernel_height, kernel_width;
    /// At least 1 each.
    size_t stride_height, stride_width, dilation_height, dilation_width;
    size_t pad_top, pad_left, pad_bottom, pad_right;
    /// Average only: divide by the window's cells inside the padded input (true), or inside the input (false).
    bool count_include_pad;
} picket_pool2d;

/// The kernels of one ISA level. Immutable; lives as long as the process.
typedef struct picket_kernel_table {
    picket_isa_level level;
    /// What the matrix kernel is, such as "gemm_f32_6x16_avx2".
    const char *gemm_name;
    /// Columns in a panel of packed B.
    size_t gemm_column_tile;
    /// Rows that the matrix kernel computes at a time: split rows at multiples of it where there is a choice.
    size_t gemm_row_tile;

    /// Bytes that `gemm_pack` writes for a B of depth × columns.
    size_t (*gemm_packed_bytes)(size_t depth, size_t columns);
    /// Packs B, element (k, j) at b[k · row_stride + j · column_stride] (so a transposed B packs as well).
    void (*gemm_pack)(
        size_t depth, size_t columns, const float *b, size_t row_stride, size_t column_stride, float *packed);
    /// Scratch that `gemm` needs for this product and for any part of its rows; 0 for small ones, which take NULL.
    size_t (*gemm_scratch_bytes)(size_t rows, size_t columns, size_t depth);
    void (*gemm)(const picket_gemm *product, void *_Nullable scratch);

    /// Convolutions with channels-last output, by `picket_conv_algorithm`.
    const picket_conv_kernel *_Nonnull convolutions[PICKET_CONV_ALGORITHM_COUNT];

    /// Pooling of channels-last pictures: output rows begin ..< end of 0 ..< images × out_height, `channels` of each pixel.
    /// Maximum over each window's cells inside the input; -infinity where a window has none.
    void (*max_pool_rows)(
        const picket_pool2d *shape, size_t channels, const float *input, size_t input_image_stride,
        size_t input_pixel_stride, float *output, size_t output_image_stride, size_t output_pixel_stride, size_t row_begin,
        size_t row_end);
    /// Mean over each window; see `count_include_pad`. 0 / 0 = NaN where a window counts no cell.
    void (*average_pool_rows)(
        const picket_pool2d *shape, size_t channels, const float *input, size_t input_image_stride,
        size_t input_pixel_stride, float *output, size_t output_image_stride, size_t output_pixel_stride, size_t row_begin,
        size_t row_end);
    /// y[c] = mean over `pixels` of x[pixel · pixel_stride + c]: a global average pooling of one channels-last picture.
    void (*mean_pixels)(size_t pixels, size_t channels, const float *x, size_t pixel_stride, float *y);
    /// y[p, c] = activation(x[p, c] · scale[c] + shift[c]) over channels-last pixels (a normalization that could not be
    /// folded); in place allowed.
    void (*affine_pixels)(
        size_t pixels, size_t channels, const float *x, size_t x_pixel_stride, const float *scale, const float *shift,
        picket_activation activation, float alpha, float beta, float *y, size_t y_pixel_stride);
    /// y[j, i] = x[i, j]: between planar (rows are channels) and channels-last (rows are pixels), and for any transposition
    /// of two axes.
    void (*transpose)(
        size_t rows, size_t columns, const float *x, size_t x_row_stride, float *y, size_t y_row_stride);
    /// y[r, i] = (x[r, i] - mean) / sqrt(variance + epsilon) · scale[i] + shift[i] over rows of `count`, mean and variance of
    /// the row; scale and shift may be NULL. In place allowed.
    void (*layer_norm)(
        size_t rows, size_t count, const float *x, size_t x_row_stride, const float *_Nullable scale,
        const float *_Nullable shift, float epsilon, float *y, size_t y_row_stride);

    /// y[i] = op(x[i]) for `count` elements; in place allowed. alpha and beta as the operation has it.
    void (*unary)(picket_unary operation, size_t count, const float *x, float *y, float alpha, float beta);
    /// y[r, i] = op(a[r, i], b[r, i]) over `rows` rows of `count` elements; y's rows are y_row_stride apart.
    ///
    /// a[r, i] is at a[r · a_row_stride + i · a_step], with a step of 1, or of 0 to broadcast one value over the row; a
    /// row stride of 0 broadcasts a row over all rows; b likewise. So a contiguous pair is one row, a scalar has stride and
    /// step 0, a value per channel has stride 1 and step 0. In place allowed: y == a or y == b with that one's stride
    /// equal to y_row_stride and its step 1.
    void (*binary)(
        picket_binary operation, size_t rows, size_t count, const float *a, size_t a_row_stride, size_t a_step,
        const float *b, size_t b_row_stride, size_t b_step, float *y, size_t y_row_stride);
    /// Whether a chain has the function, a picket_unary or a picket_binary.
    bool (*chain_supports)(bool is_binary, int function);
    /// Functions of x, `rows` rows of `count` without gaps, one after the other while the value is in registers: the bits
    /// are those of `unary` and `binary`, but for which of two NaNs is kept. Targets may be x, or a second operand whose
    /// step is 1 and whose row stride is `count` where no later link reads it.
    void (*chain)(const picket_link *links, size_t link_count, size_t rows, size_t count, const float *x);
    /// y[r, i] = x[r, i] · scale[r] + shift[r] over `rows` contiguous rows of `count` (a batch normalization that could
    /// not be folded: rows are channels); in place allowed.
    void (*affine)(size_t rows, size_t count, const float *x, const float *scale, const float *shift, float *y);

    /// Softmax of each row: exp(x - max) / Σ exp(x - max). In place allowed. A row that holds NaN or +infinity, or nothing
    /// but -infinity, becomes NaN where IEEE 754 makes it so: all of it.
    void (*softmax)(
        size_t rows, size_t count, const float *x, size_t x_row_stride, float *y, size_t y_row_stride);
    /// Log-softmax of each row: x - max - log Σ exp(x - max). In place allowed. NaN as in `softmax`.
    void (*log_softmax)(
        size_t rows, size_t count, const float *x, size_t x_row_stride, float *y, size_t y_row_stride);
    /// y[r] = mean of row r (a global average pooling: rows are planes). 0 / 0 = NaN where count is 0.
    void (*mean)(size_t rows, size_t count, const float *x, size_t x_row_stride, float *y);
} picket_kernel_table;

/// The kernels of a level, or NULL where `picket_isa_available(level)` is false.
const picket_kernel_table *_Nullable picket_kernels(picket_isa_level level);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
