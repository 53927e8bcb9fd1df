/// Where a picture goes on beyond its edge.

#ifndef PICKET_PICTURES_MIRROR_H
#define PICKET_PICTURES_MIRROR_H

#include <stddef.h>

/// The pixel that stands at `index` of an axis of `extent`, mirrored as often as it takes: … b a | a b c | c b …
static inline size_t picket_mirror(ptrdiff_t index, size_t extent) {
    if (index >= 0 && index < (ptrdiff_t)extent) return (size_t)index;
    const ptrdiff_t period = 2 * (ptrdiff_t)extent;
    ptrdiff_t place = index % period;
    if (place < 0) place += period;
    return (size_t)(place < (ptrdiff_t)extent ? place : period - 1 - place);
}

/// The same, the edge pixel not doubled: … c b | a b c | b a …; an axis of one pixel holds that one everywhere.
static inline size_t picket_mirror_inside(ptrdiff_t index, size_t extent) {
    if (extent == 1) return 0;
    const ptrdiff_t period = 2 * (ptrdiff_t)extent - 2;
    ptrdiff_t place = index % period;
    if (place < 0) place += period;
    return (size_t)(place < (ptrdiff_t)extent ? place : period - place);
}

#endif
