/// Kernels on pictures: planes of float32 pixels, row-major and contiguous, height × width.
///
/// The rules of picket_kernels.h hold here too: nothing is allocated or kept, outputs do not overlap inputs, nothing is
/// touched outside the elements named, every function is reentrant, and an element's bits depend on its operands alone.
/// Sizes are the caller's to check: heights, widths and channels are at least 1. Pixels are finite.
///
/// Beyond the edge a picture goes on as its own mirror image, the edge pixel first: … c b a | a b c … ("reflect" in
/// scipy.ndimage). The formulas here are definitions: an independent program that follows them gets the same pixels.

#ifndef PICKET_PICTURES_H
#define PICKET_PICTURES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// Rounds pixels to `steps` + 1 levels: rint(x · steps) / steps, halves to even, in float32.
///
/// `steps` lies in 1 … 2^16, and |x| below 2^5.
void picket_picture_quantise(const float *source, float *destination, size_t count, float steps);

/// Largest side of a median's window.
#define PICKET_MEDIAN_SIDE_MAX 11

/// Floats of scratch that picket_plane_median needs.
size_t picket_plane_median_scratch(size_t height, size_t width, size_t side);

/// The median over a window of side × side pixels, side in 2 … PICKET_MEDIAN_SIDE_MAX.
///
/// Element side · side / 2 (counted from 0) of the window's sorted pixels; the window begins side / 2 pixels above and left
/// of its pixel. That is scipy.ndimage.median_filter(x, size=side, mode='reflect').
void picket_plane_median(
    const float *source, float *destination, size_t height, size_t width, size_t side, float *scratch);

/// Moves the picture right and down: destination(y, x) = source(y - down, x - right).
void picket_plane_shift(
    const float *source, float *destination, size_t height, size_t width, ptrdiff_t right, ptrdiff_t down);

/// Rotates about the centre, ((height - 1) / 2, (width - 1) / 2), with bilinear interpolation:
///   destination(cy + v, cx + u) = source(cy + cosine · v + sine · u, cx + cosine · u - sine · v).
/// That is scipy.ndimage.rotate(x, degrees, reshape=False, order=1, mode='reflect').
void picket_plane_rotate(
    const float *source, float *destination, size_t height, size_t width, double cosine, double sine);

/// Bytes of scratch that picket_plane_resize needs, at 8-byte alignment.
size_t picket_plane_resize_scratch(size_t width, size_t new_width);

/// Resizes with bilinear interpolation between pixel centres, without smoothing:
///   destination(y, x) = source((y + 1/2) · height / new_height - 1/2, (x + 1/2) · width / new_width - 1/2),
/// coordinates outside held to the edge. Rows of the destination are `stride` floats apart.
void picket_plane_resize(
    const float *source, size_t height, size_t width, float *destination, size_t new_height, size_t new_width,
    size_t stride, void *scratch);

/// Planar pixels in 0 … 1 as interleaved bytes: rint(255 · x), halves to even, held to 0 … 255.
void picket_picture_to_bytes(const float *source, uint8_t *destination, size_t channels, size_t pixels);

/// Interleaved bytes as planar pixels: byte / 255 in float32.
void picket_picture_from_bytes(const uint8_t *source, float *destination, size_t channels, size_t pixels);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
