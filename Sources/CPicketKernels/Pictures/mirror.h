/// Where a picture goes on beyond its edge.

#ifndef PICKET_PICTURES_MIRROR_H
#define PICKET_PICTURES_MIRROR_H

#include <stddef.h>

/// The pixel that stands at `index` of an axis of `extent`, mirrored as often as it takes: … b a | a b c | c b …
static inline size_t picket_mirror(ptrdiff_t index, size_t extent) {
    const ptrdiff_t period = 2 * (ptrdiff_t)extent;
    ptrdiff_t place = index % period;
    if (place < 0) place += period;
    return (size_t)(place < (ptrdiff_t)extent ? place : period - 1 - place);
}

#endif
