// Picture kernels against their formulas, and every level's bits against the portable ones.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "properties.h"

uint64_t picture_digest;

/// Where a picture goes on beyond its edge: … b a | a b c | c b …
static size_t mirrored(ptrdiff_t index, size_t extent) {
    const ptrdiff_t period = 2 * (ptrdiff_t)extent;
    const ptrdiff_t place = ((index % period) + period) % period;
    return (size_t)(place < (ptrdiff_t)extent ? place : period - 1 - place);
}

/// A plane with its extents.
typedef struct plane {
    size_t height, width;
    float *pixels;
} plane;

static double pixel(const plane *p, ptrdiff_t y, ptrdiff_t x) {
    return (double)p->pixels[mirrored(y, p->height) * p->width + mirrored(x, p->width)];
}

static double bilinear(const plane *p, double y, double x) {
    const double top = floor(y), left = floor(x);
    const ptrdiff_t row = (ptrdiff_t)top, column = (ptrdiff_t)left;
    const double above = pixel(p, row, column) * (1 - (x - left)) + pixel(p, row, column + 1) * (x - left);
    const double below = pixel(p, row + 1, column) * (1 - (x - left)) + pixel(p, row + 1, column + 1) * (x - left);
    return above * (1 - (y - top)) + below * (y - top);
}

/// A picture in 0 … 1 with many equal pixels.
static plane draw_plane(size_t channels) {
    plane p = {.height = random_size(1, 24), .width = random_size(1, 40)};
    p.pixels = guarded(channels * p.height * p.width);
    for (size_t i = 0; i < channels * p.height * p.width; i++) {
        p.pixels[i] = random_chance(3) ? 0 : (float)random_size(0, 255) / 255.0f;
    }
    return p;
}

static void digest(const void *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        picture_digest = (picture_digest ^ ((const unsigned char *)bytes)[i]) * 0x100000001B3u;
    }
}

void check_levels(const float *result, const float *portable, size_t count, const char *what) {
    digest(result, count * sizeof(float));
    check(count == 0 || memcmp(result, portable, count * sizeof(float)) == 0, "%s: not the portable bits", what);
}

static const picket_picture_table *other(void) {
    return picket_pictures(PICKET_ISA_PORTABLE);
}

static void check_grid(void) {
    const size_t channels = random_size(1, 4), pixels = random_size(0, 100), count = channels * pixels;
    const float steps = (float[]){1, 15, 255, 1023, 65536}[random_size(0, 4)];
    float *x = guarded_random(count), *y = guarded(count), *back = guarded(count);
    uint8_t *bytes = (uint8_t *)guarded((count + 3) / 4);
    pictures->quantise(x, y, count, steps);
    pictures->to_bytes(x, bytes, channels, pixels);
    pictures->from_bytes(bytes, back, channels, pixels);
    bool holds = true, holds_bytes = true;
    for (size_t i = 0; i < count; i++) {
        holds = holds && y[i] == rintf(x[i] * steps) / steps;
        const float whole = rintf(fminf(fmaxf(x[i] * 255.0f, 0), 255));
        holds_bytes = holds_bytes && (float)bytes[i % pixels * channels + i / pixels] == whole && back[i] == whole / 255.0f;
    }
    check(holds, "%zu pixels on a grid of %g", count, (double)steps);
    check(holds_bytes, "%zu pixels as bytes", count);
    release();
}

static int by_value(const void *a, const void *b) {
    const float left = *(const float *)a, right = *(const float *)b;
    return (left > right) - (left < right);
}

static void check_median(void) {
    const plane p = draw_plane(1);
    const size_t side = random_chance(2) ? random_size(2, 3) : random_size(2, 7), count = p.height * p.width;
    float *y = guarded(count), *portable = guarded(count);
    pictures->median(
        p.pixels, y, p.height, p.width, side, aligned_bytes(pictures->median_scratch(p.height, p.width, side)));
    other()->median(
        p.pixels, portable, p.height, p.width, side, aligned_bytes(other()->median_scratch(p.height, p.width, side)));
    bool holds = true;
    for (size_t i = 0; i < count; i++) {
        float window[49];
        for (size_t k = 0; k < side * side; k++) {
            const ptrdiff_t row = (ptrdiff_t)(i / p.width + k / side) - (ptrdiff_t)(side / 2);
            const ptrdiff_t column = (ptrdiff_t)(i % p.width + k % side) - (ptrdiff_t)(side / 2);
            window[k] = (float)pixel(&p, row, column);
        }
        qsort(window, side * side, sizeof *window, by_value);
        holds = holds && y[i] == window[side * side / 2];
    }
    check(holds, "median of %zu over %zu × %zu", side, p.height, p.width);
    check_levels(y, portable, count, "median");
    release();
}

static void check_moves(void) {
    const plane p = draw_plane(1);
    const size_t count = p.height * p.width;
    const ptrdiff_t right = (ptrdiff_t)random_size(0, 100) - 50, down = (ptrdiff_t)random_size(0, 60) - 30;
    float *shifted = guarded(count), *flipped = guarded(count);
    pictures->shift(p.pixels, shifted, p.height, p.width, right, down);
    pictures->flip(p.pixels, flipped, p.height, p.width);
    bool holds = true;
    for (size_t i = 0; i < count; i++) {
        const ptrdiff_t y = (ptrdiff_t)(i / p.width), x = (ptrdiff_t)(i % p.width);
        holds = holds && (double)shifted[i] == pixel(&p, y - down, x - right);
        holds = holds && (double)flipped[i] == pixel(&p, y, (ptrdiff_t)p.width - 1 - x);
    }
    check(holds, "moves of %zu × %zu by %td, %td", p.height, p.width, right, down);
    digest(shifted, count * sizeof(float));
    release();
}

static void check_rotation(void) {
    const size_t channels = random_size(1, 3);
    const plane p = draw_plane(channels);
    const size_t count = p.height * p.width;
    // Sine and cosine from the half angle's tangent: the same bits wherever they are computed.
    const double t = (double)random_float(), sine = 2 * t / (1 + t * t), cosine = (1 - t * t) / (1 + t * t);
    float *y = guarded(channels * count), *portable = guarded(channels * count);
    void *scratch = aligned_bytes(pictures->rotate_scratch(p.height, p.width, cosine, sine));
    pictures->rotate(p.pixels, y, channels, p.height, p.width, cosine, sine, scratch);
    scratch = aligned_bytes(other()->rotate_scratch(p.height, p.width, cosine, sine));
    other()->rotate(p.pixels, portable, channels, p.height, p.width, cosine, sine, scratch);
    const double middle_row = ((double)p.height - 1) / 2, middle_column = ((double)p.width - 1) / 2;
    bool holds = true;
    for (size_t i = 0; i < channels * count; i++) {
        const plane one = {p.height, p.width, p.pixels + i / count * count};
        const double v = (double)(i % count / p.width) - middle_row, u = (double)(i % count % p.width) - middle_column;
        const double row = middle_row + cosine * v + sine * u, column = middle_column + cosine * u - sine * v;
        holds = holds && is_close(y[i], bilinear(&one, row, column), 1e-4);
    }
    check(holds, "rotation of %zu × %zu by sine %g", p.height, p.width, sine);
    check_levels(y, portable, channels * count, "rotation");
    release();
}

/// An axis of a resized picture, or of one scaled about its middle.
static picket_axis draw_axis(size_t from, size_t to) {
    const bool scales = random_chance(2);
    const double step = scales ? 0.8 + 0.2 * (double)random_float() : (double)from / (double)to;
    const double origin = scales ? ((double)from - 1) / 2 - step * ((double)to - 1) / 2 : step / 2 - 0.5;
    return (picket_axis){.origin = origin, .step = step, .mirrored = scales};
}

static double on_axis(const picket_axis *axis, size_t index, size_t extent) {
    const double place = axis->origin + (double)index * axis->step;
    return axis->mirrored ? place : fmin(fmax(place, 0), (double)extent - 1);
}

static void check_resampling(void) {
    const size_t channels = random_size(1, 3);
    const plane p = draw_plane(channels);
    picket_resampling sizes = {
        .channels = channels,
        .source_height = p.height,
        .source_width = p.width,
        .source_stride = p.width,
        .source_plane = p.height * p.width,
        .height = random_size(1, 30),
        .width = random_size(1, 40),
    };
    sizes.stride = sizes.width;
    sizes.plane = sizes.height * sizes.width;
    sizes.rows = draw_axis(p.height, sizes.height);
    sizes.columns = draw_axis(p.width, sizes.width);
    const size_t count = channels * sizes.plane;
    float *y = guarded(count), *portable = guarded(count);
    pictures->resample(p.pixels, y, &sizes, aligned_bytes(pictures->resample_scratch(&sizes)));
    other()->resample(p.pixels, portable, &sizes, aligned_bytes(other()->resample_scratch(&sizes)));
    bool holds = true;
    for (size_t i = 0; i < count; i++) {
        const plane one = {p.height, p.width, p.pixels + i / sizes.plane * sizes.source_plane};
        const double row = on_axis(&sizes.rows, i % sizes.plane / sizes.width, p.height);
        const double column = on_axis(&sizes.columns, i % sizes.plane % sizes.width, p.width);
        holds = holds && is_close(y[i], bilinear(&one, row, column), 1e-4);
    }
    check(holds, "%zu × %zu resampled to %zu × %zu", p.height, p.width, sizes.height, sizes.width);
    check_levels(y, portable, count, "resampling");
    release();
}

static void check_noise(void) {
    const size_t count = random_size(0, 300);
    const uint64_t seed = random_bits();
    const bool clamped = random_chance(2);
    float *x = guarded_random(count), *y = guarded(count), *portable = guarded(count);
    pictures->noise(x, y, count, 0.3f, seed, clamped);
    other()->noise(x, portable, count, 0.3f, seed, clamped);
    bool holds = true;
    for (size_t i = 0; i < count; i++) {
        const size_t number = i % 64 / 16;
        uint32_t words[4];
        picket_random_words(seed, 1, i / 64 * 16 + i % 16, words);
        const uint32_t *pair = words + number / 2 * 2;
        const double u = ((double)(pair[0] >> 1) + 0.5) * 0x1p-31, angle = 2 * M_PI * (double)(pair[1] >> 8) * 0x1p-24;
        const double exact = (double)x[i] + (double)0.3f * sqrt(-2 * log(u)) * (number % 2 == 0 ? cos(angle) : sin(angle));
        holds = holds && is_close(y[i], clamped ? fmin(fmax(exact, 0), 1) : exact, 2e-5);
    }
    check(holds, "noise on %zu pixels", count);
    check_levels(y, portable, count, "noise");
    release();
}

static void check_blur(void) {
    const plane p = draw_plane(1);
    const size_t radius = random_size(0, 12), count = p.height * p.width;
    const double sigma = 0.3 + (double)random_size(0, 40) / 8;
    float *y = guarded(count), *portable = guarded(count);
    void *scratch = aligned_bytes(pictures->blur_scratch(p.height, p.width, radius));
    pictures->blur(p.pixels, y, p.height, p.width, sigma, radius, scratch);
    scratch = aligned_bytes(other()->blur_scratch(p.height, p.width, radius));
    other()->blur(p.pixels, portable, p.height, p.width, sigma, radius, scratch);
    double weights[13], all = 0;
    for (size_t i = 0; i <= radius; i++) {
        weights[i] = exp(-(double)(i * i) / (2 * sigma * sigma));
        all += i == 0 ? weights[i] : 2 * weights[i];
    }
    bool holds = true;
    const ptrdiff_t reach = (ptrdiff_t)radius;
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        for (ptrdiff_t v = -reach; v <= reach; v++) {
            for (ptrdiff_t u = -reach; u <= reach; u++) {
                const double weight = weights[v < 0 ? -v : v] * weights[u < 0 ? -u : u];
                sum += weight * pixel(&p, (ptrdiff_t)(i / p.width) + v, (ptrdiff_t)(i % p.width) + u);
            }
        }
        holds = holds && is_close(y[i], sum / (all * all), 1e-5);
    }
    check(holds, "blur of %zu × %zu by %g within %zu", p.height, p.width, sigma, radius);
    check_levels(y, portable, count, "blur");
    release();
}

void check_pictures(void) {
    for (size_t round = 0; round < 120; round++) {
        check_grid();
        check_median();
        check_moves();
        check_rotation();
        check_resampling();
        check_noise();
        check_blur();
    }
    check_smoothing();
}
