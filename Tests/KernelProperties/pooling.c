// Pooling of channels-last pictures, and the functions of pixels.

#include <math.h>
#include <string.h>

#include "properties.h"

static size_t pooled_length(size_t in, size_t pads, size_t kernel, size_t stride, size_t dilation, bool rounds_up) {
    const size_t reach = (kernel - 1) * dilation + 1;
    return in + pads < reach ? 0 : (in + pads - reach + (rounds_up ? stride - 1 : 0)) / stride + 1;
}

static picket_pool2d draw_pooling(void) {
    picket_pool2d s = {
        .in_height = random_size(1, 12),
        .in_width = random_size(1, 24),
        .kernel_height = random_size(1, 4),
        .kernel_width = random_size(1, 4),
        .stride_height = random_size(1, 3),
        .stride_width = random_size(1, 3),
        .dilation_height = random_size(1, 2),
        .dilation_width = random_size(1, 2),
        .count_include_pad = random_chance(2),
    };
    s.pad_top = random_size(0, s.kernel_height - 1);
    s.pad_bottom = random_size(0, s.kernel_height - 1);
    s.pad_left = random_size(0, s.kernel_width - 1);
    s.pad_right = random_size(0, s.kernel_width - 1);
    const bool rounds_up = random_chance(3);
    s.out_height = pooled_length(
        s.in_height, s.pad_top + s.pad_bottom, s.kernel_height, s.stride_height, s.dilation_height, rounds_up);
    s.out_width = pooled_length(
        s.in_width, s.pad_left + s.pad_right, s.kernel_width, s.stride_width, s.dilation_width, rounds_up);
    return s;
}

/// Maximum and mean of one window over cells `step` floats apart.
static void pool_window(
    const picket_pool2d *s, const float *cells, size_t step, size_t y, size_t x, float *maximum, double *mean) {
    double sum = 0;
    size_t inside = 0, padded = 0;
    *maximum = -INFINITY;
    for (size_t i = 0; i < s->kernel_height; i++) {
        for (size_t j = 0; j < s->kernel_width; j++) {
            const size_t row = y * s->stride_height + i * s->dilation_height;
            const size_t column = x * s->stride_width + j * s->dilation_width;
            padded += row < s->pad_top + s->in_height + s->pad_bottom && column < s->pad_left + s->in_width + s->pad_right;
            if (row - s->pad_top < s->in_height && column - s->pad_left < s->in_width) {
                const float cell = cells[((row - s->pad_top) * s->in_width + column - s->pad_left) * step];
                *maximum = isnan(cell) || isnan(*maximum) ? NAN : fmaxf(*maximum, cell);
                sum += (double)cell;
                inside++;
            }
        }
    }
    *mean = sum / (double)(s->count_include_pad ? padded : inside);
}

static void put_specials(float *values, size_t count) {
    static const float specials[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3 && count > 0 && random_chance(2); i++) {
        values[random_size(0, count - 1)] = specials[i];
    }
}

static void check_pool_rows(void) {
    picket_pool2d s = draw_pooling();
    const size_t images = random_size(1, 3), channels = random_size(1, random_chance(2) ? 90 : 20);
    const size_t in_pixel = channels + random_size(0, 3), out_pixel = channels + random_size(0, 3);
    const size_t in = s.in_height * s.in_width, out = s.out_height * s.out_width;
    const size_t in_image = in * in_pixel + random_size(0, 3), out_image = out * out_pixel + random_size(0, 3);
    const size_t length = (images - 1) * in_image + (in - 1) * in_pixel + channels;
    const size_t results = out == 0 ? 0 : (images - 1) * out_image + (out - 1) * out_pixel + channels;
    float *x = guarded_random(length), *maxima = guarded(results), *means = guarded(results);
    put_specials(x, length);
    const size_t rows = images * s.out_height, cut = random_size(0, rows);
    for (size_t part = 0; part < 2; part++) {
        const size_t begin = part == 0 ? 0 : cut, end = part == 0 ? cut : rows;
        kernels->max_pool_rows(&s, channels, x, in_image, in_pixel, maxima, out_image, out_pixel, begin, end);
        kernels->average_pool_rows(&s, channels, x, in_image, in_pixel, means, out_image, out_pixel, begin, end);
    }
    bool holds = true, holds_mean = true, beside = true;
    for (size_t at = 0; at < results; at++) {
        const size_t image = at / out_image, pixel = at % out_image / out_pixel, channel = at % out_image % out_pixel;
        if (channel >= channels || pixel >= out) {
            beside = beside && is_untouched(maxima[at]) && is_untouched(means[at]);
            continue;
        }
        float maximum;
        double mean;
        pool_window(
            &s, x + image * in_image + channel, in_pixel, pixel / s.out_width, pixel % s.out_width, &maximum, &mean);
        holds = holds && same_bits(maxima[at], maximum);
        holds_mean = holds_mean && is_close(means[at], mean, 1e-6);
    }
    check(holds, "maxima of %zu channels %zu × %zu", channels, s.in_height, s.in_width);
    check(holds_mean, "means of %zu channels %zu × %zu", channels, s.in_height, s.in_width);
    check(beside, "pooling wrote beside %zu channels", channels);
    release();
}

void check_pooling(void) {
    for (size_t round = 0; round < 400; round++) {
        check_pool_rows();
    }
}

static void check_mean_pixels(void) {
    const size_t pixels = random_chance(4) ? random_size(300, 1000) : random_size(0, 80);
    const size_t channels = random_size(1, 150), pitch = channels + random_size(0, 3);
    float *x = guarded_random(pixels == 0 ? 0 : (pixels - 1) * pitch + channels), *y = guarded(channels);
    kernels->mean_pixels(pixels, channels, x, pitch, y);
    bool holds = true, same = true;
    const size_t one = random_size(0, channels - 1);
    for (size_t c = 0; c < channels; c++) {
        double sum = 0;
        for (size_t p = 0; p < pixels; p++) {
            sum += (double)x[p * pitch + c];
        }
        holds = holds && is_close(y[c], sum / (double)pixels, 1e-6);
    }
    float *alone = guarded(1);
    kernels->mean_pixels(pixels, 1, x + one, pitch, alone);
    same = same_bits(*alone, y[one]);
    check(holds, "means over %zu pixels of %zu channels", pixels, channels);
    check(same, "other bits for one of %zu channels alone", channels);
    release();
}

static void check_affine_pixels(void) {
    const size_t pixels = random_size(1, 12), channels = random_size(1, 70);
    const size_t pitch = channels + random_size(0, 3), length = (pixels - 1) * pitch + channels;
    const picket_activation activation = random_activation();
    float *x = guarded_random(length), *scale = guarded_random(channels), *shift = guarded_random(channels);
    put_specials(x, length);
    float *y = guarded(length);
    kernels->affine_pixels(pixels, channels, x, pitch, scale, shift, activation, -0.4f, 0.7f, y, pitch);
    bool holds = true;
    for (size_t at = 0; at < length; at++) {
        const size_t c = at % pitch;
        if (c >= channels) {
            holds = holds && is_untouched(y[at]);
            continue;
        }
        const double value = (double)x[at] * (double)scale[c] + (double)shift[c];
        holds = holds && is_close(y[at], activated(value, activation, -0.4f, 0.7f), 1e-6);
    }
    check(holds, "affine map of %zu pixels of %zu channels, activation %d", pixels, channels, (int)activation);
    kernels->affine_pixels(pixels, channels, x, pitch, scale, shift, activation, -0.4f, 0.7f, x, pitch);
    bool same = true;
    for (size_t at = 0; at < length; at++) {
        same = same && (at % pitch >= channels || same_bits(x[at], y[at]));
    }
    check(same, "affine map of %zu pixels of %zu channels in place", pixels, channels);
    release();
}

void check_pixels(void) {
    for (size_t round = 0; round < 250; round++) {
        check_mean_pixels();
        check_affine_pixels();
    }
}
