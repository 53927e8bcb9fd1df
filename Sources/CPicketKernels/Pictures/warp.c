#include <math.h>
#include <string.h>

#include "mirror.h"
#include "picket_pictures.h"

#pragma clang fp contract(off)

void picket_plane_shift(
    const float *source, float *destination, size_t height, size_t width, ptrdiff_t right, ptrdiff_t down) {
    for (size_t y = 0; y < height; y++) {
        const float *from = source + picket_mirror((ptrdiff_t)y - down, height) * width;
        float *to = destination + y * width;
        // Columns begin ..< end have their source inside the picture.
        const ptrdiff_t extent = (ptrdiff_t)width;
        const ptrdiff_t begin = right < 0 ? 0 : (right < extent ? right : extent);
        const ptrdiff_t end = right > 0 ? extent : (extent + right > 0 ? extent + right : 0);
        for (ptrdiff_t x = 0; x < begin; x++) to[x] = from[picket_mirror(x - right, width)];
        if (begin < end) memcpy(to + begin, from + (begin - right), (size_t)(end - begin) * sizeof(float));
        for (ptrdiff_t x = end > begin ? end : begin; x < extent; x++) to[x] = from[picket_mirror(x - right, width)];
    }
}

static inline float blend(float a, float b, float weight) { return a + (b - a) * weight; }

/// Bilinear interpolation at (y, x), wherever that is.
static inline float sample(const float *source, size_t height, size_t width, double y, double x) {
    const double top = floor(y), left = floor(x);
    const float down = (float)(y - top), right = (float)(x - left);
    const ptrdiff_t row = (ptrdiff_t)top, column = (ptrdiff_t)left;
    const float *a, *b;
    size_t first, second;
    if (row >= 0 && column >= 0 && row + 1 < (ptrdiff_t)height && column + 1 < (ptrdiff_t)width) {
        a = source + (size_t)row * width;
        b = a + width;
        first = (size_t)column;
        second = first + 1;
    } else {
        a = source + picket_mirror(row, height) * width;
        b = source + picket_mirror(row + 1, height) * width;
        first = picket_mirror(column, width);
        second = picket_mirror(column + 1, width);
    }
    return blend(blend(a[first], a[second], right), blend(b[first], b[second], right), down);
}

void picket_plane_rotate(
    const float *source, float *destination, size_t height, size_t width, double cosine, double sine) {
    const double centre_y = ((double)height - 1) / 2, centre_x = ((double)width - 1) / 2;
    for (size_t row = 0; row < height; row++) {
        const double v = (double)row - centre_y;
        const double base_y = centre_y + cosine * v, base_x = centre_x - sine * v;
        float *to = destination + row * width;
        for (size_t column = 0; column < width; column++) {
            const double u = (double)column - centre_x;
            to[column] = sample(source, height, width, base_y + sine * u, base_x + cosine * u);
        }
    }
}

/// Between which two pixels a resized one lies, and how far on the way from the first to the second.
typedef struct step {
    uint32_t first, second;
    float weight;
} step;

size_t picket_plane_resize_scratch(size_t width, size_t new_width) {
    return new_width * sizeof(step) + width * sizeof(float);
}

static step step_at(size_t index, size_t extent, size_t new_extent) {
    const double last = (double)extent - 1;
    double place = ((double)index + 0.5) * (double)extent / (double)new_extent - 0.5;
    place = place < 0 ? 0 : (place > last ? last : place);
    const double whole = floor(place);
    const uint32_t first = (uint32_t)whole;
    return (step){first, first + 1 < extent ? first + 1 : first, (float)(place - whole)};
}

void picket_plane_resize(
    const float *source, size_t height, size_t width, float *destination, size_t new_height, size_t new_width,
    size_t stride, void *scratch) {
    step *columns = scratch;
    float *restrict line = (float *)(columns + new_width);
    for (size_t x = 0; x < new_width; x++) columns[x] = step_at(x, width, new_width);
    for (size_t y = 0; y < new_height; y++) {
        const step rows = step_at(y, height, new_height);
        const float *a = source + (size_t)rows.first * width;
        const float *b = source + (size_t)rows.second * width;
        for (size_t x = 0; x < width; x++) line[x] = blend(a[x], b[x], rows.weight);
        float *to = destination + y * stride;
        for (size_t x = 0; x < new_width; x++) {
            to[x] = blend(line[columns[x].first], line[columns[x].second], columns[x].weight);
        }
    }
}
