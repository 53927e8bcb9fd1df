// Chains against their functions one after the other.

#include <math.h>

#include "properties.h"

#define MOST 6

/// The bits of one function of `x` over rows without gaps, by the kernels that do it alone.
static void apply_link(const picket_link *link, size_t rows, size_t count, const float *x, float *y) {
    if (!link->is_binary) {
        kernels->unary((picket_unary)link->function, rows * count, x, y, link->alpha, link->beta);
    } else if (link->is_left) {
        kernels->binary(
            (picket_binary)link->function, rows, count, link->operand, link->row_stride, link->step, x, count, 1, y,
            count);
    } else {
        kernels->binary(
            (picket_binary)link->function, rows, count, x, count, 1, link->operand, link->row_stride, link->step, y,
            count);
    }
}

static picket_link random_link(size_t rows, size_t count) {
    picket_link link = {.alpha = random_float(), .beta = random_float(), .is_binary = random_chance(2)};
    do {
        link.function = (int)random_size(0, link.is_binary ? PICKET_BINARY_COUNT - 1 : PICKET_UNARY_ATANH);
    } while (!kernels->chain_supports(link.is_binary, link.function));
    if (link.is_binary) {
        const size_t strides[] = {count, 0, 1, 0}, steps[] = {1, 1, 0, 0}, kind = random_size(0, 3);
        link.is_left = random_chance(2);
        link.row_stride = strides[kind];
        link.step = steps[kind];
        link.operand = guarded_random((rows - 1) * link.row_stride + (count - 1) * link.step + 1);
    }
    return link;
}

static bool same_or_both_nan(float a, float b) {
    return same_bits(a, b) || (a != a && b != b);
}

void check_chain(void) {
    for (size_t round = 0; round < 600; round++) {
        const size_t rows = random_size(1, 4), count = random_size(1, random_chance(3) ? 400 : 40);
        const size_t length = rows * count, link_count = random_size(1, MOST);
        picket_link links[MOST];
        float *x = guarded_random(length), *expected[MOST];
        x[random_size(0, length - 1)] = random_chance(2) ? (float)INFINITY : (float)NAN;
        const float *value = x;
        for (size_t i = 0; i < link_count; i++) {
            links[i] = random_link(rows, count);
            expected[i] = guarded(length);
            apply_link(&links[i], rows, count, value, expected[i]);
            value = expected[i];
            links[i].target = i + 1 == link_count || random_chance(3) ? guarded(length) : NULL;
        }
        // The last target may be the first operand.
        const bool is_in_place = random_chance(2);
        links[link_count - 1].target = is_in_place ? x : links[link_count - 1].target;
        kernels->chain(links, link_count, rows, count, x);
        bool holds = true;
        for (size_t i = 0; i < link_count; i++) {
            for (size_t e = 0; links[i].target != NULL && e < length; e++) {
                holds = holds && same_or_both_nan(links[i].target[e], expected[i][e]);
            }
        }
        check(holds, "chain of %zu over %zu × %zu", link_count, rows, count);
        release();
    }
}
