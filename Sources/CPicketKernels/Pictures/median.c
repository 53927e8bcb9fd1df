#include <string.h>

#include "mirror.h"
#include "picket_pictures.h"

static inline float lower(float a, float b) { return a < b ? a : b; }
static inline float upper(float a, float b) { return a < b ? b : a; }
static inline float middle(float a, float b, float c) { return upper(lower(a, b), lower(upper(a, b), c)); }

/// Pixels that the general selection works on at once.
#define BLOCK 16

size_t picket_plane_median_scratch(size_t height, size_t width, size_t side) {
    const size_t padded_width = width + side - 1;
    // Three rows more for the sorted columns of the 3 × 3 window; a block may read past the last row's end.
    return (height + side - 1) * padded_width + 3 * padded_width + BLOCK;
}

/// The plane with its mirrored border, so that no window looks for an edge.
static void pad(const float *source, float *padded, size_t height, size_t width, size_t side) {
    const ptrdiff_t before = (ptrdiff_t)(side / 2);
    const size_t padded_width = width + side - 1;
    for (size_t y = 0; y < height + side - 1; y++) {
        const float *from = source + picket_mirror((ptrdiff_t)y - before, height) * width;
        float *to = padded + y * padded_width;
        for (size_t x = 0; x < (size_t)before; x++) to[x] = from[picket_mirror((ptrdiff_t)x - before, width)];
        memcpy(to + before, from, width * sizeof(float));
        for (size_t x = width + (size_t)before; x < padded_width; x++) {
            to[x] = from[picket_mirror((ptrdiff_t)x - before, width)];
        }
    }
}

/// The larger of the two middle ones of four.
static void median_2(const float *padded, float *restrict destination, size_t height, size_t width) {
    for (size_t y = 0; y < height; y++) {
        const float *a = padded + y * (width + 1);
        const float *b = a + width + 1;
        float *to = destination + y * width;
        for (size_t x = 0; x < width; x++) {
            const float one = lower(upper(a[x], a[x + 1]), upper(b[x], b[x + 1]));
            const float other = upper(lower(a[x], a[x + 1]), lower(b[x], b[x + 1]));
            to[x] = upper(one, other);
        }
    }
}

/// Columns sorted once serve three windows: the median of nine is the middle one of the largest minimum, the middle of
/// the middles, and the smallest maximum.
static void median_3(
    const float *padded, float *restrict destination, size_t height, size_t width, float *restrict columns) {
    const size_t padded_width = width + 2;
    float *restrict low = columns;
    float *restrict mid = columns + padded_width;
    float *restrict high = columns + 2 * padded_width;
    for (size_t y = 0; y < height; y++) {
        const float *a = padded + y * padded_width;
        const float *b = a + padded_width;
        const float *c = b + padded_width;
        for (size_t x = 0; x < padded_width; x++) {
            low[x] = lower(lower(a[x], b[x]), c[x]);
            mid[x] = middle(a[x], b[x], c[x]);
            high[x] = upper(upper(a[x], b[x]), c[x]);
        }
        float *to = destination + y * width;
        for (size_t x = 0; x < width; x++) {
            const float minimum = upper(upper(low[x], low[x + 1]), low[x + 2]);
            const float median = middle(mid[x], mid[x + 1], mid[x + 2]);
            const float maximum = lower(lower(high[x], high[x + 1]), high[x + 2]);
            to[x] = middle(minimum, median, maximum);
        }
    }
}

static inline void exchange(float *restrict a, float *restrict b) {
    for (size_t i = 0; i < BLOCK; i++) {
        const float low = lower(a[i], b[i]);
        b[i] = upper(a[i], b[i]);
        a[i] = low;
    }
}

/// Selects by forgetting: of a set so large that neither its smallest nor its largest can be the one looked for, both are
/// dropped, the next candidate takes a place, until one or two are left.
static void select_block(float (*set)[BLOCK], size_t count, float *out) {
    size_t held = count / 2 + 2 < count ? count / 2 + 2 : count;
    size_t next = held;
    while (held > 2) {
        for (size_t i = 1; i < held; i++) exchange(set[0], set[i]);
        for (size_t i = 1; i + 1 < held; i++) exchange(set[i], set[held - 1]);
        // The smallest leaves its place to the next candidate, or to the last one that stays; the largest is cut off.
        if (next < count) {
            memcpy(set[0], set[next++], sizeof(set[0]));
            held -= 1;
        } else {
            memcpy(set[0], set[held - 2], sizeof(set[0]));
            held -= 2;
        }
    }
    if (held == 2) exchange(set[0], set[1]);
    memcpy(out, set[held - 1], sizeof(set[0]));
}

static void median_any(const float *padded, float *destination, size_t height, size_t width, size_t side) {
    float set[PICKET_MEDIAN_SIDE_MAX * PICKET_MEDIAN_SIDE_MAX][BLOCK];
    float medians[BLOCK];
    const size_t padded_width = width + side - 1;
    for (size_t y = 0; y < height; y++) {
        for (size_t x = 0; x < width; x += BLOCK) {
            for (size_t row = 0; row < side; row++) {
                for (size_t column = 0; column < side; column++) {
                    const float *from = padded + (y + row) * padded_width + x + column;
                    memcpy(set[row * side + column], from, sizeof(set[0]));
                }
            }
            select_block(set, side * side, medians);
            const size_t wanted = width - x < BLOCK ? width - x : BLOCK;
            memcpy(destination + y * width + x, medians, wanted * sizeof(float));
        }
    }
}

void picket_plane_median(
    const float *source, float *destination, size_t height, size_t width, size_t side, float *scratch) {
    const size_t padded_width = width + side - 1;
    float *rest = scratch + (height + side - 1) * padded_width;
    pad(source, scratch, height, width, side);
    if (side == 2) {
        median_2(scratch, destination, height, width);
    } else if (side == 3) {
        median_3(scratch, destination, height, width, rest);
    } else {
        // A block at a row's end reads on; past the last row it reads these, and throws the results away.
        memset(rest, 0, BLOCK * sizeof(float));
        median_any(scratch, destination, height, width, side);
    }
}
