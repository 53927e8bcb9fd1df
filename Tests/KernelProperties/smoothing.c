// The picture kernels that smooth: non-local means, total variation, wavelets.

#include <math.h>
#include <string.h>

#include "properties.h"

/// Most pixels of a picture here.
#define PIXELS 400

/// The picture goes on as … c b | a b c …
static size_t mirrored_inside(ptrdiff_t index, size_t extent) {
    if (extent == 1) {
        return 0;
    }
    const ptrdiff_t period = 2 * (ptrdiff_t)extent - 2;
    const ptrdiff_t place = ((index % period) + period) % period;
    return (size_t)(place < (ptrdiff_t)extent ? place : period - place);
}

/// A picture in 0 … 1: a slope with noise.
static float *draw_picture(size_t channels, size_t height, size_t width) {
    float *x = guarded(channels * height * width);
    for (size_t i = 0; i < channels * height * width; i++) {
        x[i] = (float)random_size(0, 63) / 255.0f + (float)(i % width) / (float)(2 * width);
    }
    return x;
}

static double as_byte(const picket_means *m, const float *x, size_t channel, ptrdiff_t row, ptrdiff_t column) {
    const size_t place = mirrored_inside(row, m->height) * m->width + mirrored_inside(column, m->width);
    return (double)rintf(255.0f * x[channel * m->height * m->width + place]);
}

/// D(p, q): squared differences of the patches around two pixels.
static double patch_distance(
    const picket_means *m, const float *x, ptrdiff_t row, ptrdiff_t column, ptrdiff_t down, ptrdiff_t right) {
    const ptrdiff_t half = (ptrdiff_t)m->patch / 2;
    double sum = 0;
    for (size_t channel = 0; channel < m->channels; channel++) {
        for (ptrdiff_t v = -half; v <= half; v++) {
            for (ptrdiff_t u = -half; u <= half; u++) {
                const double here = as_byte(m, x, channel, row + v, column + u);
                const double there = as_byte(m, x, channel, row + v + down, column + u + right);
                sum += (here - there) * (here - there);
            }
        }
    }
    return sum;
}

static void check_means(void) {
    const picket_means m = {
        .channels = random_size(1, 3),
        .height = random_size(1, 14),
        .width = random_size(1, 20),
        .search = 2 * random_size(0, 3) + 1,
        .patch = 2 * random_size(0, 2) + 1,
        .strength = 5 + (double)random_size(0, 30),
    };
    const size_t pixels = m.height * m.width, count = m.channels * pixels;
    float *x = draw_picture(m.channels, m.height, m.width), *y = guarded(count), *portable = guarded(count);
    pictures->means(x, y, &m, aligned_bytes(pictures->means_scratch(&m)));
    const picket_picture_table *other = picket_pictures(PICKET_ISA_PORTABLE);
    other->means(x, portable, &m, aligned_bytes(other->means_scratch(&m)));
    const double unit = (double)(m.patch * m.patch * m.channels) * m.strength * m.strength;
    const ptrdiff_t half = (ptrdiff_t)m.search / 2;
    bool holds = true;
    for (size_t i = 0; i < pixels; i++) {
        const ptrdiff_t row = (ptrdiff_t)(i / m.width), column = (ptrdiff_t)(i % m.width);
        double sums[3] = {0}, weights = 0;
        for (ptrdiff_t down = -half; down <= half; down++) {
            for (ptrdiff_t right = -half; right <= half; right++) {
                const double weight = exp(-patch_distance(&m, x, row, column, down, right) / unit);
                if (weight >= 0.001) {
                    const size_t place =
                        mirrored_inside(row + down, m.height) * m.width + mirrored_inside(column + right, m.width);
                    weights += weight;
                    for (size_t channel = 0; channel < m.channels; channel++) {
                        sums[channel] += weight * (double)x[channel * pixels + place];
                    }
                }
            }
        }
        for (size_t channel = 0; channel < m.channels; channel++) {
            // A weight near 0.001 may count or not.
            holds = holds && is_close(y[channel * pixels + i], sums[channel] / weights, 1.5e-3);
        }
    }
    check(holds, "non-local means of %zu × %zu × %zu", m.channels, m.height, m.width);
    check_levels(y, portable, count, "non-local means");
    release();
}

/// Chambolle's projections in double precision.
static void chambolle(const float *x, double *z, size_t height, size_t width, double weight, size_t iterations) {
    static double down[PIXELS], right[PIXELS];
    const double tau = 0.25;
    memset(down, 0, sizeof down);
    memset(right, 0, sizeof right);
    for (size_t step = 0; step < iterations; step++) {
        for (size_t i = 0; i < height * width; i++) {
            const double above = i >= width ? down[i - width] : 0, before = i % width > 0 ? right[i - 1] : 0;
            z[i] = (double)x[i] + above + before - down[i] - right[i];
        }
        for (size_t i = 0; i < height * width; i++) {
            const double g = i / width + 1 < height ? z[i + width] - z[i] : 0;
            const double h = i % width + 1 < width ? z[i + 1] - z[i] : 0;
            const double norm = 1 + tau / weight * sqrt(g * g + h * h);
            down[i] = (down[i] - tau * g) / norm;
            right[i] = (right[i] - tau * h) / norm;
        }
    }
}

static void check_variation(void) {
    const size_t height = random_size(1, 20), width = random_size(1, 20), count = height * width;
    const size_t iterations = random_size(1, 20);
    const float weight = 0.05f + 0.01f * (float)random_size(0, 30);
    float *x = draw_picture(1, height, width), *y = guarded(count), *portable = guarded(count);
    const picket_picture_table *other = picket_pictures(PICKET_ISA_PORTABLE);
    pictures->variation(
        x, y, height, width, weight, iterations, aligned_bytes(pictures->variation_scratch(height, width)));
    other->variation(
        x, portable, height, width, weight, iterations, aligned_bytes(other->variation_scratch(height, width)));
    double exact[PIXELS];
    chambolle(x, exact, height, width, (double)weight, iterations);
    bool holds = true;
    for (size_t i = 0; i < count; i++) {
        holds = holds && is_close(y[i], fmin(fmax(exact[i], 0), 1), 1e-4);
    }
    check(holds, "total variation of %zu × %zu, %zu iterations", height, width, iterations);
    check_levels(y, portable, count, "total variation");
    release();
}

/// Kernels whose formula the golden pictures of other tests hold: the portable bits, inside 0 … 1.
static void check_ranges(void) {
    const size_t height = random_size(1, 40), width = random_size(1, 60), count = height * width;
    float *x = draw_picture(1, height, width), *mask = guarded(count), *y = guarded(count), *portable = guarded(count);
    const picket_picture_table *other = picket_pictures(PICKET_ISA_PORTABLE);
    picket_picture_mask(mask, count, 0.3, random_bits());
    pictures->masked_variation(
        x, mask, y, height, width, 0.2f, 8, aligned_bytes(pictures->masked_variation_scratch(height, width)));
    other->masked_variation(
        x, mask, portable, height, width, 0.2f, 8, aligned_bytes(other->masked_variation_scratch(height, width)));
    bool holds = true;
    for (size_t i = 0; i < count; i++) {
        holds = holds && y[i] >= 0 && y[i] <= 1 && (mask[i] == 0 || mask[i] == 1);
    }
    check_levels(y, portable, count, "total variation under a mask");
    const double sigma = random_chance(2) ? -1 : 0.1;
    pictures->wavelet(x, y, height, width, sigma, aligned_bytes(pictures->wavelet_scratch(height, width)));
    other->wavelet(x, portable, height, width, sigma, aligned_bytes(other->wavelet_scratch(height, width)));
    for (size_t i = 0; i < count; i++) {
        holds = holds && y[i] >= 0 && y[i] <= 1;
    }
    check_levels(y, portable, count, "wavelet");
    check(holds, "pixels of %zu × %zu outside of 0 … 1", height, width);
    release();
}

void check_smoothing(void) {
    for (size_t round = 0; round < 60; round++) {
        check_means();
        check_variation();
        check_ranges();
    }
}
