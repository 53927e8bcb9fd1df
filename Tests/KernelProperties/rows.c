// Functions of rows: softmax and its logarithm, means, layer normalization, transposition.

#include <math.h>
#include <string.h>

#include "properties.h"

/// Rows × count values, `pitch` apart, drawn at random around `offset`.
static float *rows_of(size_t rows, size_t count, size_t pitch, float scale, float offset) {
    const size_t length = rows == 0 ? 0 : (rows - 1) * pitch + count;
    float *x = guarded_random(length);
    for (size_t i = 0; i < length; i++) {
        x[i] = x[i] * scale + offset;
    }
    return x;
}

/// Lengths around the widths of vectors, and those of models.
static size_t row_length(void) {
    static const size_t usual[] = {10, 49, 96, 197, 384, 768, 1000, 1024};
    return random_chance(4) ? usual[random_size(0, 7)] : random_size(1, 80);
}

static bool gaps_untouched(const float *y, size_t rows, size_t count, size_t pitch) {
    bool holds = true;
    for (size_t r = 0; r + 1 < rows; r++) {
        for (size_t i = count; i < pitch; i++) {
            holds = holds && is_untouched(y[r * pitch + i]);
        }
    }
    return holds;
}

static void check_softmax(void) {
    const size_t rows = random_size(1, 5), count = row_length(), pitch = count + random_size(0, 3);
    const size_t out_pitch = count + random_size(0, 3);
    const float scale = (float[]){1, 30, 1e4f}[random_size(0, 2)];
    float *x = rows_of(rows, count, pitch, scale, scale * random_float());
    if (random_chance(5)) {
        x[random_size(0, count - 1)] = (float[]){NAN, INFINITY, -INFINITY}[random_size(0, 2)];
    }
    const size_t length = (rows - 1) * out_pitch + count;
    float *y = guarded(length), *logarithm = guarded(length), *alone = guarded(count);
    kernels->softmax(rows, count, x, pitch, y, out_pitch);
    kernels->log_softmax(rows, count, x, pitch, logarithm, out_pitch);
    bool holds = true, holds_logarithm = true;
    for (size_t r = 0; r < rows; r++) {
        const float *row = x + r * pitch;
        double top = -INFINITY, sum = 0;
        for (size_t i = 0; i < count; i++) {
            top = isnan(row[i]) || isnan(top) ? NAN : fmax(top, (double)row[i]);
        }
        for (size_t i = 0; i < count; i++) {
            sum += exp((double)row[i] - top);
        }
        for (size_t i = 0; i < count; i++) {
            const double exact = exp((double)row[i] - top) / sum, exact_logarithm = (double)row[i] - top - log(sum);
            // The difference from the maximum is rounded once.
            const double error = 1e-6 + 0x1p-24 * fmin(top - (double)row[i], 200);
            holds = holds && is_close(y[r * out_pitch + i], exact, error * exact + 1e-37);
            holds_logarithm =
                holds_logarithm && is_close(logarithm[r * out_pitch + i], exact_logarithm, 2e-6 + 2e-7 * (double)scale);
        }
    }
    check(holds, "softmax of %zu × %zu", rows, count);
    check(holds_logarithm, "log-softmax of %zu × %zu", rows, count);
    check(
        gaps_untouched(y, rows, count, out_pitch) && gaps_untouched(logarithm, rows, count, out_pitch),
        "softmax wrote between %zu rows of %zu", rows, count);
    // A row by itself, in place.
    memcpy(alone, x + (rows - 1) * pitch, count * sizeof(float));
    kernels->softmax(1, count, alone, 0, alone, 0);
    bool same = true;
    for (size_t i = 0; i < count; i++) {
        same = same && same_bits(alone[i], y[(rows - 1) * out_pitch + i]);
    }
    check(same, "softmax of a row of %zu alone", count);
    release();
}

static void check_means(void) {
    const size_t rows = random_size(1, 4), count = random_chance(4) ? random_size(500, 4000) : random_size(0, 150);
    const size_t pitch = count + random_size(0, 3);
    float *x = rows_of(rows, count, pitch, 1, 0.5f), *y = guarded(rows);
    kernels->mean(rows, count, x, pitch, y);
    bool holds = true;
    for (size_t r = 0; r < rows; r++) {
        double sum = 0;
        for (size_t i = 0; i < count; i++) {
            sum += (double)x[r * pitch + i];
        }
        holds = holds && is_close(y[r], sum / (double)count, 1e-6);
    }
    check(holds, "means of %zu × %zu", rows, count);
    release();
}

static void check_layer_norm(void) {
    const size_t rows = random_size(1, 4), count = row_length(), pitch = count + random_size(0, 3);
    const size_t out_pitch = count + random_size(0, 3);
    // A mean that is large beside the deviation, too.
    const float offset = (float[]){0, 1, -300}[random_size(0, 2)], epsilon = 1e-5f;
    float *x = rows_of(rows, count, pitch, (float[]){1, 1e-3f, 1e4f}[random_size(0, 2)], offset);
    if (random_chance(8)) {
        x[random_size(0, count - 1)] = NAN;
    }
    float *scale = random_chance(3) ? NULL : guarded_random(count), *shift = random_chance(3) ? NULL : guarded_random(count);
    float *y = guarded((rows - 1) * out_pitch + count), *alone = guarded(count);
    kernels->layer_norm(rows, count, x, pitch, scale, shift, epsilon, y, out_pitch);
    double worst = 0;
    bool holds = true;
    for (size_t r = 0; r < rows; r++) {
        double mean = 0, variance = 0;
        for (size_t i = 0; i < count; i++) {
            mean += (double)x[r * pitch + i] / (double)count;
        }
        for (size_t i = 0; i < count; i++) {
            const double apart = (double)x[r * pitch + i] - mean;
            variance += apart * apart / (double)count;
        }
        for (size_t i = 0; i < count; i++) {
            double exact = ((double)x[r * pitch + i] - mean) / sqrt(variance + (double)epsilon);
            const double size = fabs(exact);
            exact = exact * (scale ? (double)scale[i] : 1) + (shift ? (double)shift[i] : 0);
            const double error = fabs((double)y[r * out_pitch + i] - exact) / (1 + size);
            worst = error > worst ? error : worst;
            holds = holds && is_close(y[r * out_pitch + i], exact, 1e-6 * (1 + size));
        }
    }
    check(holds, "layer norm of %zu × %zu around %g is off by %g", rows, count, (double)offset, worst);
    check(gaps_untouched(y, rows, count, out_pitch), "layer norm wrote between %zu rows of %zu", rows, count);
    memcpy(alone, x + (rows - 1) * pitch, count * sizeof(float));
    kernels->layer_norm(1, count, alone, 0, scale, shift, epsilon, alone, 0);
    bool same = true;
    for (size_t i = 0; i < count; i++) {
        same = same && same_bits(alone[i], y[(rows - 1) * out_pitch + i]);
    }
    check(same, "layer norm of a row of %zu alone", count);
    release();
}

static void check_transpose(void) {
    const size_t rows = random_chance(2) ? random_size(1, 5) : random_size(1, 70);
    const size_t columns = random_chance(2) ? random_size(1, 5) : random_size(1, 70);
    const size_t pitch = columns + random_size(0, 1) * random_size(0, 4);
    const size_t out_pitch = rows + random_size(0, 1) * random_size(0, 4);
    float *x = rows_of(rows, columns, pitch, 1, 0), *y = guarded((columns - 1) * out_pitch + rows);
    x[0] = NAN;
    kernels->transpose(rows, columns, x, pitch, y, out_pitch);
    bool holds = true;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            holds = holds && same_bits(y[j * out_pitch + i], x[i * pitch + j]);
        }
    }
    check(holds, "transposition of %zu × %zu", rows, columns);
    check(gaps_untouched(y, columns, rows, out_pitch), "transposition of %zu × %zu wrote between rows", rows, columns);
    release();
}

void check_rows(void) {
    for (size_t round = 0; round < 250; round++) {
        check_softmax();
        check_means();
        check_layer_norm();
        check_transpose();
    }
}
