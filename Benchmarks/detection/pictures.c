/// The picture kernels over many pictures in a row, for compare.py: what a plugin does, without Swift around it. Every
/// result goes to the same place, as those of the programs beside do.

#include <stdlib.h>

#include "picket_pictures.h"

static const picket_picture_table *table;
static void *scratch;

/// Chooses a level by name, or the best one; says which it is, or nothing.
const char *choose(const char *name) {
    picket_isa_level level;
    if (picket_isa_select(name, &level) != PICKET_ISA_SELECTED) return NULL;
    table = name[0] == '\0' ? picket_pictures_best() : picket_pictures(level);
    free(scratch);
    scratch = aligned_alloc(64, 256u << 20);
    return scratch == NULL ? NULL : picket_isa_name(table->level);
}

#define EACH_PICTURE for (size_t picture = 0; picture < count; picture++, from += channels * height * width)
#define EACH_PLANE for (size_t plane = 0; plane < channels * height * width; plane += height * width)
#define PICTURES const float *from, float *to, size_t count, size_t channels, size_t height, size_t width

void bit_depth(PICTURES, int bits) {
    EACH_PICTURE table->quantise(from, to, channels * height * width, (float)((1 << bits) - 1));
}

void median(PICTURES, int side) {
    EACH_PICTURE EACH_PLANE table->median(from + plane, to + plane, height, width, (size_t)side, scratch);
}

void shift(PICTURES, int right, int down) {
    EACH_PICTURE EACH_PLANE table->shift(from + plane, to + plane, height, width, right, down);
}

void rotate(PICTURES, double cosine, double sine) {
    EACH_PICTURE table->rotate(from, to, channels, height, width, cosine, sine, scratch);
}

void resize(PICTURES, int new_height, int new_width) {
    const double down = (double)height / new_height, right = (double)width / new_width;
    const size_t rows = (size_t)new_height, columns = (size_t)new_width;
    const picket_resampling sizes = {
        .channels = channels, .source_height = height, .source_width = width, .source_stride = width,
        .source_plane = height * width, .height = rows, .width = columns, .stride = columns, .plane = rows * columns,
        .rows = {down / 2 - 0.5, down, false}, .columns = {right / 2 - 0.5, right, false}};
    EACH_PICTURE table->resample(from, to, &sizes, scratch);
}

void non_local_means(PICTURES, int search, int patch, double strength) {
    const picket_means means = {channels, height, width, (size_t)search, (size_t)patch, strength};
    EACH_PICTURE table->means(from, to, &means, scratch);
}

void blur(PICTURES, double sigma) {
    EACH_PICTURE EACH_PLANE
        table->blur(from + plane, to + plane, height, width, sigma, (size_t)(4 * sigma + 0.5), scratch);
}

void noise(PICTURES, double sigma) {
    EACH_PICTURE table->noise(from, to, channels * height * width, (float)sigma, picture, true);
}

void variation(PICTURES, double weight, int iterations) {
    EACH_PICTURE EACH_PLANE
        table->variation(from + plane, to + plane, height, width, (float)weight, (size_t)iterations, scratch);
}

void wavelet(PICTURES, double sigma) {
    EACH_PICTURE EACH_PLANE table->wavelet(from + plane, to + plane, height, width, sigma, scratch);
}
