// Convolutions with channels-last output, by every algorithm that supports a shape, against plain loops.

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "properties.h"

/// A convolution with its operands.
typedef struct conv_case {
    picket_conv2d shape;
    picket_layout layout;
    size_t images, input_image, input_pixel, output_image, output_pixel, residual_image, residual_pixel;
    float *weights, *input, *bias, *residual;
} conv_case;

static size_t out_length(size_t in, size_t pads, size_t kernel, size_t stride, size_t dilation) {
    const size_t reach = (kernel - 1) * dilation + 1;
    return in + pads < reach ? 0 : (in + pads - reach) / stride + 1;
}

static size_t input_index(const conv_case *it, size_t image, size_t channel, size_t pixel) {
    return image * it->input_image
        + (it->layout == PICKET_LAYOUT_PLANAR ? channel * it->shape.in_height * it->shape.in_width + pixel
                                              : pixel * it->input_pixel + channel);
}

/// Floats of pictures that lie so.
static size_t span(size_t images, size_t image_stride, size_t pixels, size_t pixel_stride, size_t channels) {
    return images == 0 || pixels == 0 || channels == 0
        ? 0
        : (images - 1) * image_stride + (pixels - 1) * pixel_stride + channels;
}

/// Strides and operands for the case's shape, drawn at random.
static void furnish(conv_case *it) {
    const picket_conv2d *s = &it->shape;
    const size_t in_pixels = s->in_height * s->in_width, out_pixels = s->out_height * s->out_width;
    it->input_pixel = s->in_channels + (random_chance(2) ? 0 : random_size(1, 5));
    it->output_pixel = s->out_channels + (random_chance(2) ? 0 : random_size(1, 5));
    it->residual_pixel = s->out_channels + (random_chance(2) ? 0 : random_size(1, 5));
    const bool planar = it->layout == PICKET_LAYOUT_PLANAR;
    it->input_image = (planar ? in_pixels * s->in_channels : in_pixels * it->input_pixel) + random_size(0, 3);
    it->output_image = out_pixels * it->output_pixel + random_size(0, 3);
    it->residual_image = out_pixels * it->residual_pixel + random_size(0, 3);
    it->weights = guarded_random(s->out_channels * (s->in_channels / s->groups) * s->kernel_height * s->kernel_width);
    it->input = guarded_random(
        planar ? (it->images - 1) * it->input_image + in_pixels * s->in_channels
               : span(it->images, it->input_image, in_pixels, it->input_pixel, s->in_channels));
    it->bias = random_chance(2) ? guarded_random(s->out_channels) : NULL;
    it->residual = random_chance(2)
        ? guarded_random(span(it->images, it->residual_image, out_pixels, it->residual_pixel, s->out_channels))
        : NULL;
}

/// The exact value of an output element, and how large its sum may have grown on the way.
static double exact_element(const conv_case *it, size_t image, size_t channel, size_t y, size_t x, double *size) {
    const picket_conv2d *s = &it->shape;
    const size_t group_in = s->in_channels / s->groups, group = channel / (s->out_channels / s->groups);
    double sum = 0;
    *size = 1;
    for (size_t c = 0; c < group_in; c++) {
        for (size_t i = 0; i < s->kernel_height; i++) {
            for (size_t j = 0; j < s->kernel_width; j++) {
                const size_t row = y * s->stride_height + i * s->dilation_height - s->pad_top;
                const size_t column = x * s->stride_width + j * s->dilation_width - s->pad_left;
                if (row < s->in_height && column < s->in_width) {
                    const float cell = it->input[input_index(it, image, group * group_in + c, row * s->in_width + column)];
                    const float weight = it->weights[((channel * group_in + c) * s->kernel_height + i) * s->kernel_width + j];
                    sum += (double)cell * (double)weight;
                    *size += fabs((double)cell * (double)weight);
                }
            }
        }
    }
    const size_t pixel = y * s->out_width + x;
    sum += it->bias ? (double)it->bias[channel] : 0;
    sum += it->residual ? (double)it->residual[image * it->residual_image + pixel * it->residual_pixel + channel] : 0;
    return activated(sum, s->activation, s->alpha, s->beta);
}

static void run_units(const conv_case *it, const picket_conv_kernel *kernel, const float *packed, float *output,
    size_t image, size_t images, size_t begin, size_t end) {
    const picket_conv_call call = {
        .packed_weights = packed,
        .bias = it->bias,
        .input = it->input + image * it->input_image,
        .input_image_stride = it->input_image,
        .input_pixel_stride = it->input_pixel,
        .residual = it->residual ? it->residual + image * it->residual_image : NULL,
        .residual_image_stride = it->residual_image,
        .residual_pixel_stride = it->residual_pixel,
        .output = output + image * it->output_image,
        .output_image_stride = it->output_image,
        .output_pixel_stride = it->output_pixel,
        .images = images,
        .unit_begin = begin,
        .unit_end = end,
    };
    kernel->run(&it->shape, it->layout, &call, aligned_bytes(kernel->scratch_bytes(&it->shape, it->layout)));
}

static void describe(const conv_case *it, const char *kernel, char *text, size_t length) {
    const picket_conv2d *s = &it->shape;
    snprintf(
        text, length,
        "%s: %zu × %zu channels %zu × %zu to %zu, %zu groups, kernel %zu × %zu stride %zu × %zu dilation %zu × %zu "
        "pads %zu, %zu activation %d layout %d",
        kernel, it->images, s->in_channels, s->in_height, s->in_width, s->out_channels, s->groups, s->kernel_height,
        s->kernel_width, s->stride_height, s->stride_width, s->dilation_height, s->dilation_width, s->pad_top, s->pad_left,
        (int)s->activation, (int)it->layout);
}

static void check_kernel(const conv_case *it, const picket_conv_kernel *kernel, double error) {
    const picket_conv2d *s = &it->shape;
    const size_t out_pixels = s->out_height * s->out_width;
    const size_t floats = span(it->images, it->output_image, out_pixels, it->output_pixel, s->out_channels);
    char text[400];
    describe(it, kernel->name, text, sizeof text);
    float *packed = aligned_bytes(kernel->packed_bytes(s, it->layout)), *whole = guarded(floats);
    kernel->pack(s, it->layout, it->weights, packed);
    run_units(it, kernel, packed, whole, 0, it->images, 0, kernel->units(s, it->layout, it->images));
    size_t wrong = 0, beside = 0;
    double worst = 0;
    for (size_t at = 0; at < floats; at++) {
        const size_t image = at / it->output_image, pixel = at % it->output_image / it->output_pixel;
        const size_t channel = at % it->output_image % it->output_pixel;
        if (channel >= s->out_channels || pixel >= out_pixels) {
            beside += !is_untouched(whole[at]);
            continue;
        }
        double size;
        const double exact = exact_element(it, image, channel, pixel / s->out_width, pixel % s->out_width, &size);
        const double distance = fabs((double)whole[at] - exact);
        worst = distance > worst ? distance : worst;
        wrong += !is_close(whole[at], exact, error * size);
    }
    check(wrong == 0, "%zu elements wrong by up to %g; %s", wrong, worst, text);
    check(beside == 0, "wrote beside the pixels; %s", text);
    // In any number of parts, and each picture alone: the same bits.
    float *parts = guarded(floats), *alone = guarded(floats);
    const size_t units = kernel->units(s, it->layout, it->images);
    for (size_t begin = 0, end; begin < units; begin = end) {
        end = begin + random_size(1, units - begin);
        run_units(it, kernel, packed, parts, 0, it->images, begin, end);
    }
    for (size_t image = 0; image < it->images; image++) {
        run_units(it, kernel, packed, alone, image, 1, 0, kernel->units(s, it->layout, 1));
    }
    check(memcmp(whole, parts, floats * sizeof(float)) == 0, "other bits in parts; %s", text);
    check(memcmp(whole, alone, floats * sizeof(float)) == 0, "other bits alone; %s", text);
}

static conv_case draw(bool depthwise, bool likely_3x3) {
    conv_case it = {.images = random_size(1, 3)};
    picket_conv2d *s = &it.shape;
    s->groups = random_chance(3) ? random_size(2, 3) : 1;
    s->in_channels = s->groups * random_size(1, random_chance(3) ? 40 : 9);
    s->out_channels = s->groups * random_size(1, random_chance(3) ? 70 : 20);
    if (depthwise) {
        s->groups = s->in_channels = s->out_channels = random_size(1, random_chance(2) ? 70 : 20);
    }
    s->kernel_height = random_size(1, 4);
    s->kernel_width = random_chance(2) ? (size_t[]){3, 5, 7}[random_size(0, 2)] : random_size(1, 4);
    s->stride_height = random_size(1, 3);
    s->stride_width = random_size(1, random_chance(2) ? 2 : 3);
    s->dilation_height = random_size(1, 2);
    s->dilation_width = random_chance(3) ? random_size(2, 3) : 1;
    if (likely_3x3) {
        s->kernel_height = s->kernel_width = 3;
        s->stride_height = s->stride_width = s->dilation_height = s->dilation_width = 1;
        s->groups = 1;
    }
    s->pad_top = random_size(0, s->kernel_height - 1);
    s->pad_left = random_size(0, s->kernel_width);
    s->in_height = random_size(1, 12);
    s->in_width = random_size(1, random_chance(3) ? 40 : 12);
    s->out_height = out_length(
        s->in_height, s->pad_top + random_size(0, 2), s->kernel_height, s->stride_height, s->dilation_height);
    s->out_width = out_length(
        s->in_width, s->pad_left + random_size(0, 3), s->kernel_width, s->stride_width, s->dilation_width);
    s->activation = random_activation();
    s->alpha = -0.4f;
    s->beta = 0.7f;
    it.layout = random_chance(3) ? PICKET_LAYOUT_PLANAR : PICKET_LAYOUT_CHANNELS_LAST;
    return it;
}

void check_convolutions(void) {
    // Errors relative to the sum of the products' sizes; Winograd's transforms lose some bits.
    static const double errors[PICKET_CONV_ALGORITHM_COUNT] = {2e-6, 2e-6, 1e-5, 6e-5};
    for (size_t round = 0; round < 900; round++) {
        conv_case it = draw(round % 3 == 0, round % 3 == 1);
        if (it.shape.out_height == 0 || it.shape.out_width == 0) {
            continue;
        }
        furnish(&it);
        for (size_t algorithm = 0; algorithm < PICKET_CONV_ALGORITHM_COUNT; algorithm++) {
            const picket_conv_kernel *kernel = kernels->convolutions[algorithm];
            if (kernel != NULL && kernel->supports(&it.shape, it.layout)) {
                check_kernel(&it, kernel, errors[algorithm]);
            }
        }
        release();
    }
}
