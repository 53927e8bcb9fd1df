// GFLOP/s of the kernels of every ISA level that this CPU runs, each beside the multiply-add peak measured in the same run.
//
//   clang -O2 -ISources/CPicketKernels/include Benchmarks/kernels/kernels.c Sources/CPicketKernels/Levels/*.c \
//       Sources/CPicketKernels/Probe/*.c -lm -o /tmp/kernels && /tmp/kernels
//
// One thread, in CPU time, the best of several rounds: other work on the machine can only make a figure worse.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "picket_kernels.h"

#define ROUNDS 7
#define ROUND_SECONDS 0.05

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *_Nonnull aligned(size_t bytes) {
    void *memory = aligned_alloc(PICKET_KERNEL_ALIGNMENT, (bytes + PICKET_KERNEL_ALIGNMENT) / 64 * 64);
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(71);
    }
    return memory;
}

static float *_Nonnull random_floats(size_t count) {
    float *values = aligned(count * sizeof(float));
    unsigned state = 1;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        values[i] = (float)(state >> 8) / 16777216.0f - 0.5f;
    }
    return values;
}

/// Seconds of one call of `work`, the best of ROUNDS.
static double seconds_of(void (*work)(const void *), const void *argument) {
    double best = 1e9;
    size_t calls = 1;
    work(argument);
    for (int round = 0; round < ROUNDS;) {
        const double start = now();
        for (size_t i = 0; i < calls; i++) {
            work(argument);
        }
        const double took = now() - start;
        if (took < ROUND_SECONDS) {
            calls *= 2;
            continue;
        }
        best = took / (double)calls < best ? took / (double)calls : best;
        round++;
    }
    return best;
}

// The peak: twelve independent chains of multiply-adds, as many as hide the latency of two units.

#define PEAK_STEPS 20000

/// Takes the chains' ends, so that the compiler keeps them.
volatile float peak_sink;

#define PEAK(NAME, LANES, TARGET)                                                                                      \
    typedef float NAME##_vector __attribute__((ext_vector_type(LANES)));                                               \
    TARGET static void NAME##_peak(const void *argument) {                                                             \
        NAME##_vector sums[12], factor = (NAME##_vector)(0.999f), term = (NAME##_vector)(1e-3f);                       \
        for (int i = 0; i < 12; i++) {                                                                                 \
            sums[i] = (NAME##_vector)(*(const float *)argument + (float)i);                                            \
        }                                                                                                              \
        for (int step = 0; step < PEAK_STEPS; step++) {                                                                \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < 12; i++) {                                          \
                sums[i] = __builtin_elementwise_fma(sums[i], factor, term);                                            \
            }                                                                                                          \
        }                                                                                                              \
        for (int i = 0; i < 12; i++) {                                                                                 \
            peak_sink += sums[i][0];                                                                                   \
        }                                                                                                              \
    }

#if defined(__x86_64__)
PEAK(fma256, 8, __attribute__((target("avx2,fma"))))
PEAK(fma512, 16, __attribute__((target("avx512f"))))
#elif defined(__aarch64__)
PEAK(fma128, 4, )
#endif

static double peak_of(void (*work)(const void *), int lanes) {
    const float seed = 1.0f;
    return 12.0 * 2.0 * lanes * PEAK_STEPS / seconds_of(work, &seed) * 1e-9;
}

static double measured_peak(void) {
    double peak = 0;
#if defined(__x86_64__)
    if (picket_isa_available(PICKET_ISA_AVX2)) {
        peak = peak_of(fma256_peak, 8);
        printf("multiply-add peak, 256 bits: %.1f GFLOP/s\n", peak);
    }
    if (picket_isa_available(PICKET_ISA_AVX512)) {
        const double wide = peak_of(fma512_peak, 16);
        printf("multiply-add peak, 512 bits: %.1f GFLOP/s\n", wide);
        peak = wide > peak ? wide : peak;
    }
#elif defined(__aarch64__)
    peak = peak_of(fma128_peak, 4);
    printf("multiply-add peak, 128 bits: %.1f GFLOP/s\n", peak);
#endif
    return peak;
}

typedef struct gemm_case {
    const picket_kernel_table *kernels;
    picket_gemm product;
    void *scratch;
} gemm_case;

static void run_gemm(const void *argument) {
    const gemm_case *it = argument;
    it->kernels->gemm(&it->product, it->scratch);
}

static void print_rate(const char *level, const char *name, double operations, double seconds, double peak) {
    const double rate = operations / seconds * 1e-9;
    printf("%-9s %-28s %9.1f us %7.1f GFLOP/s", level, name, seconds * 1e6, rate);
    if (peak > 0) {
        printf("  %3.0f %%", 100 * rate / peak);
    }
    putchar('\n');
}

static void measure_gemm(const picket_kernel_table *kernels, size_t m, size_t n, size_t k, double peak) {
    float *a = random_floats(m * k), *b = random_floats(k * n), *c = random_floats(m * n);
    float *packed = aligned(kernels->gemm_packed_bytes(k, n));
    kernels->gemm_pack(k, n, b, n, 1, packed);
    const gemm_case it = {
        .kernels = kernels,
        .product =
            {.rows = m,
             .columns = n,
             .depth = k,
             .a = a,
             .a_row_stride = k,
             .packed_b = packed,
             .c = c,
             .c_row_stride = n,
             .column_end = n},
        .scratch = aligned(kernels->gemm_scratch_bytes(m, n, k)),
    };
    char name[64];
    snprintf(name, sizeof name, "gemm %zux%zux%zu", m, n, k);
    print_rate(picket_isa_name(kernels->level), name, 2.0 * (double)(m * n * k), seconds_of(run_gemm, &it), peak);
    free(a);
    free(b);
    free(c);
    free(packed);
    free(it.scratch);
}

typedef struct conv_case {
    const picket_kernel_table *kernels;
    picket_conv2d shape;
    picket_conv2d_call call;
    void *scratch;
} conv_case;

static void run_conv(const void *argument) {
    const conv_case *it = argument;
    it->kernels->conv2d(&it->shape, &it->call, it->scratch);
}

/// A square convolution with "same" padding, bias and Relu.
static void measure_conv(
    const picket_kernel_table *kernels, const char *what, size_t groups, size_t in, size_t out, size_t size,
    size_t kernel, size_t stride, double peak) {
    const size_t result = (size + stride - 1) / stride;
    conv_case it = {
        .kernels = kernels,
        .shape = {
            .groups = groups,
            .in_channels = in,
            .out_channels = out,
            .in_height = size,
            .in_width = size,
            .out_height = result,
            .out_width = result,
            .kernel_height = kernel,
            .kernel_width = kernel,
            .stride_height = stride,
            .stride_width = stride,
            .dilation_height = 1,
            .dilation_width = 1,
            .pad_top = kernel / 2,
            .pad_left = kernel / 2,
            .activation = PICKET_ACTIVATION_RELU,
        }};
    const size_t weights = out * (in / groups) * kernel * kernel;
    float *w = random_floats(weights), *x = random_floats(in * size * size), *bias = random_floats(out);
    float *y = random_floats(out * result * result);
    float *packed = aligned(kernels->conv2d_packed_bytes(&it.shape));
    kernels->conv2d_pack(&it.shape, w, packed);
    it.call = (picket_conv2d_call){
        .packed_weights = packed,
        .bias = bias,
        .input = x,
        .output = y,
        .images = 1,
        .tile_end = kernels->conv2d_tiles(&it.shape),
        .row_end = result,
    };
    it.scratch = aligned(kernels->conv2d_scratch_bytes(&it.shape));
    char name[64];
    snprintf(name, sizeof name, "%s %zu>%zu %zu^2 /%zu", what, in, out, size, stride);
    print_rate(
        picket_isa_name(kernels->level), name, 2.0 * (double)(weights * result * result), seconds_of(run_conv, &it),
        peak);
    free(w);
    free(x);
    free(bias);
    free(y);
    free(packed);
    free(it.scratch);
}

int main(void) {
    const double peak = measured_peak();
    for (int level = 0; level < PICKET_ISA_LEVEL_COUNT; level++) {
        const picket_kernel_table *kernels = picket_kernels((picket_isa_level)level);
        if (kernels == NULL) {
            continue;
        }
        measure_gemm(kernels, 256, 256, 256, peak);
        measure_gemm(kernels, 512, 512, 512, peak);
        measure_gemm(kernels, 1024, 1024, 1024, peak);
        measure_gemm(kernels, 1, 128, 1152, peak);
        measure_gemm(kernels, 32, 128, 1152, peak);
        measure_conv(kernels, "conv 3x3", 1, 1, 32, 28, 3, 1, peak);
        measure_conv(kernels, "conv 3x3", 1, 32, 64, 28, 3, 1, peak);
        measure_conv(kernels, "conv 3x3", 1, 64, 64, 28, 3, 1, peak);
        measure_conv(kernels, "conv 3x3", 1, 64, 128, 28, 3, 2, peak);
        measure_conv(kernels, "conv 3x3", 1, 128, 128, 14, 3, 1, peak);
        measure_conv(kernels, "conv 3x3", 1, 512, 512, 7, 3, 1, peak);
        measure_conv(kernels, "conv 7x7", 1, 3, 64, 224, 7, 2, peak);
        measure_conv(kernels, "conv 1x1", 1, 64, 64, 28, 1, 1, peak);
        measure_conv(kernels, "conv 1x1", 1, 256, 512, 28, 1, 1, peak);
        measure_conv(kernels, "conv 1x1", 1, 256, 512, 28, 1, 2, peak);
        measure_conv(kernels, "depthwise 3x3", 64, 64, 64, 28, 3, 1, peak);
        measure_conv(kernels, "depthwise 3x3", 64, 64, 64, 28, 3, 2, peak);
        measure_conv(kernels, "depthwise 5x5", 64, 64, 64, 14, 5, 1, peak);
        measure_conv(kernels, "depthwise 3x3", 32, 32, 32, 112, 3, 1, peak);
    }
    return 0;
}
