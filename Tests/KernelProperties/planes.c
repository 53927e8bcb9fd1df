// Pooling of planes.

#include <math.h>

#include "properties.h"

static void check_planar_pooling(void) {
    picket_pool2d s = draw_pooling();
    const size_t planes = random_size(1, 3), in = s.in_height * s.in_width, out = s.out_height * s.out_width;
    float *x = guarded_random(planes * in), *maxima = guarded(planes * out), *means = guarded(planes * out);
    put_specials(x, planes * in);
    void *scratch = aligned_bytes(kernels->pool2d_scratch_bytes(&s));
    kernels->max_pool2d(&s, planes, x, maxima, scratch);
    kernels->average_pool2d(&s, planes, x, means, scratch);
    bool holds = true, holds_mean = true;
    for (size_t at = 0; at < planes * out; at++) {
        float maximum;
        double mean;
        pool_window(&s, x + at / out * in, 1, at % out / s.out_width, at % s.out_width, &maximum, &mean);
        holds = holds && same_bits(maxima[at], maximum);
        holds_mean = holds_mean && is_close(means[at], mean, 1e-6);
    }
    check(holds, "maxima of planes %zu × %zu", s.in_height, s.in_width);
    check(holds_mean, "means of planes %zu × %zu", s.in_height, s.in_width);
    release();
}

void check_planes(void) {
    for (size_t round = 0; round < 300; round++) {
        check_planar_pooling();
    }
}
