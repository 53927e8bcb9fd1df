// GFLOP/s of the kernels of every ISA level that this CPU runs, each beside the multiply-add peak measured in between.
//
//   clang -O2 -ISources/CPicketKernels/include Benchmarks/kernels/kernels.c Sources/CPicketKernels/Levels/*.c \
//       Sources/CPicketKernels/Probe/*.c -lm -o /tmp/kernels && /tmp/kernels [level [part of a name]]

#include "measure.h"

typedef struct gemm_case {
    const picket_kernel_table *kernels;
    picket_gemm product;
    void *scratch;
} gemm_case;

static void run_gemm(const void *argument) {
    const gemm_case *it = argument;
    it->kernels->gemm(&it->product, it->scratch);
}

static void measure_gemm(const picket_kernel_table *kernels, const char *part, size_t m, size_t n, size_t k) {
    char name[64];
    snprintf(name, sizeof name, "gemm %zux%zux%zu", m, n, k);
    if (strstr(name, part) == NULL) {
        return;
    }
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
    print_rate(picket_isa_name(kernels->level), name, (double)(m * n * k), measure(run_gemm, &it));
    free(a);
    free(b);
    free(c);
    free(packed);
    free(it.scratch);
}

/// A square convolution with "same" padding, bias and Relu.
typedef struct conv_row {
    const char *what;
    picket_conv_algorithm algorithm;
    picket_layout layout;
    size_t groups, in, out, size, kernel, stride, images;
} conv_row;

typedef struct conv_case {
    const picket_conv_kernel *kernel;
    picket_layout layout;
    picket_conv2d shape;
    picket_conv_call call;
    void *scratch;
} conv_case;

static void run_conv(const void *argument) {
    const conv_case *it = argument;
    it->kernel->run(&it->shape, it->layout, &it->call, it->scratch);
}

static void measure_conv(const picket_kernel_table *kernels, const char *part, const conv_row *row) {
    char name[96];
    snprintf(
        name, sizeof name, "%s %zux%zu %zu>%zu g%zu %zu^2 /%zu x%zu", row->what, row->kernel, row->kernel, row->in,
        row->out, row->groups, row->size, row->stride, row->images);
    conv_case it = {.kernel = kernels->convolutions[row->algorithm], .layout = row->layout};
    const size_t result = (row->size + row->stride - 1) / row->stride;
    it.shape = (picket_conv2d){
        .groups = row->groups,
        .in_channels = row->in,
        .out_channels = row->out,
        .in_height = row->size,
        .in_width = row->size,
        .out_height = result,
        .out_width = result,
        .kernel_height = row->kernel,
        .kernel_width = row->kernel,
        .stride_height = row->stride,
        .stride_width = row->stride,
        .dilation_height = 1,
        .dilation_width = 1,
        .pad_top = row->kernel / 2,
        .pad_left = row->kernel / 2,
        .activation = PICKET_ACTIVATION_RELU,
    };
    if (strstr(name, part) == NULL || it.kernel == NULL || !it.kernel->supports(&it.shape, it.layout)) {
        return;
    }
    const size_t weights = row->out * (row->in / row->groups) * row->kernel * row->kernel;
    const size_t inputs = row->in * row->size * row->size, outputs = row->out * result * result;
    float *w = random_floats(weights), *x = random_floats(row->images * inputs), *bias = random_floats(row->out);
    float *y = random_floats(row->images * outputs);
    float *packed = aligned(it.kernel->packed_bytes(&it.shape, it.layout));
    it.kernel->pack(&it.shape, it.layout, w, packed);
    it.call = (picket_conv_call){
        .packed_weights = packed,
        .bias = bias,
        .input = x,
        .input_image_stride = inputs,
        .input_pixel_stride = row->layout == PICKET_LAYOUT_PLANAR ? 0 : row->in,
        .output = y,
        .output_image_stride = outputs,
        .output_pixel_stride = row->out,
        .images = row->images,
        .unit_end = it.kernel->units(&it.shape, it.layout, row->images),
    };
    it.scratch = aligned(it.kernel->scratch_bytes(&it.shape, it.layout));
    print_rate(
        picket_isa_name(kernels->level), name, (double)(weights * result * result * row->images), measure(run_conv, &it));
    free(w);
    free(x);
    free(bias);
    free(y);
    free(packed);
    free(it.scratch);
}

#define ROW(WHAT, ALGORITHM, LAYOUT, ...) {WHAT, PICKET_CONV_##ALGORITHM, PICKET_LAYOUT_##LAYOUT, __VA_ARGS__}
#define CONV(...) ROW("conv", GEMM, CHANNELS_LAST, __VA_ARGS__)
#define PLANES(...) ROW("planes", GEMM, PLANAR, __VA_ARGS__)

/// Groups, channels in and out, size, kernel, stride, images.
static const conv_row conv_rows[] = {
    // Stems, from planes and from channels-last pictures.
    PLANES(1, 1, 32, 28, 3, 1, 1),
    PLANES(1, 1, 32, 28, 3, 1, 8),
    PLANES(1, 3, 32, 32, 3, 1, 1),
    PLANES(1, 3, 64, 224, 7, 2, 1),
    PLANES(1, 3, 32, 224, 3, 2, 1),
    PLANES(1, 3, 64, 224, 3, 1, 1),
    CONV(1, 3, 64, 224, 7, 2, 1),
    CONV(1, 3, 32, 224, 3, 2, 1),
    // 1×1: ResNet-50, MobileNet v2, DenseNet-121.
    CONV(1, 64, 64, 56, 1, 1, 1),
    CONV(1, 64, 256, 56, 1, 1, 1),
    CONV(1, 256, 64, 56, 1, 1, 8),
    CONV(1, 256, 512, 56, 1, 2, 1),
    CONV(1, 512, 128, 28, 1, 1, 1),
    CONV(1, 1024, 256, 14, 1, 1, 1),
    CONV(1, 256, 1024, 14, 1, 1, 1),
    CONV(1, 512, 2048, 7, 1, 1, 1),
    CONV(1, 2048, 512, 7, 1, 1, 1),
    CONV(1, 2048, 512, 7, 1, 1, 8),
    CONV(1, 16, 96, 112, 1, 1, 1),
    CONV(1, 96, 24, 56, 1, 1, 1),
    CONV(1, 24, 144, 56, 1, 1, 1),
    CONV(1, 144, 32, 28, 1, 1, 8),
    CONV(1, 384, 64, 14, 1, 1, 1),
    CONV(1, 320, 1280, 7, 1, 1, 1),
    CONV(1, 416, 128, 28, 1, 1, 1),
    // A small depthwise network on 28 × 28: what a call costs.
    CONV(1, 16, 32, 14, 1, 1, 1),
    CONV(1, 64, 64, 7, 1, 1, 1),
    CONV(1, 64, 128, 7, 1, 1, 1),
    // 3×3: ResNet-18 and -50, DenseNet-121, a small network on 28 × 28.
    CONV(1, 8, 16, 14, 3, 1, 1),
    CONV(1, 32, 64, 7, 3, 1, 1),
    CONV(1, 32, 32, 28, 3, 1, 1),
    CONV(1, 32, 64, 14, 3, 1, 1),
    CONV(1, 32, 64, 14, 3, 1, 8),
    CONV(1, 64, 64, 56, 3, 1, 1),
    CONV(1, 64, 128, 56, 3, 2, 1),
    CONV(1, 128, 128, 28, 3, 1, 1),
    CONV(1, 128, 32, 28, 3, 1, 1),
    CONV(1, 256, 256, 14, 3, 1, 1),
    CONV(1, 512, 512, 7, 3, 1, 1),
    CONV(1, 512, 512, 7, 3, 1, 8),
    CONV(1, 512, 512, 4, 3, 1, 1),
    // Groups: ResNeXt-50, RegNet.
    CONV(32, 128, 128, 56, 3, 1, 1),
    CONV(32, 256, 256, 28, 3, 1, 1),
    CONV(8, 384, 384, 14, 3, 1, 1),
    CONV(32, 1024, 1024, 7, 3, 1, 1),
};

int main(int count, char **arguments) {
    const char *level = count > 1 ? arguments[1] : "", *part = count > 2 ? arguments[2] : "";
    for (int index = 0; index < PICKET_ISA_LEVEL_COUNT; index++) {
        const picket_kernel_table *kernels = picket_kernels((picket_isa_level)index);
        if (kernels == NULL || strstr(picket_isa_name(kernels->level), level) == NULL) {
            continue;
        }
        measure_gemm(kernels, part, 256, 256, 256);
        measure_gemm(kernels, part, 512, 512, 512);
        measure_gemm(kernels, part, 1024, 1024, 1024);
        measure_gemm(kernels, part, 197, 384, 384);
        measure_gemm(kernels, part, 8, 1000, 2048);
        measure_gemm(kernels, part, 32, 128, 1152);
        measure_gemm(kernels, part, 1, 128, 1152);
        measure_gemm(kernels, part, 1, 1000, 2048);
        measure_gemm(kernels, part, 1, 4096, 25088);
        for (size_t row = 0; row < sizeof conv_rows / sizeof *conv_rows; row++) {
            measure_conv(kernels, part, &conv_rows[row]);
        }
    }
    return 0;
}
