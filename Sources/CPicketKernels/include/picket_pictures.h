/// Kernels on pictures: planes of float32 pixels, row-major and contiguous, height × width; one table of functions per ISA
/// level.
///
/// The rules of picket_kernels.h hold here too: nothing is allocated or kept, outputs do not overlap inputs, nothing is
/// touched outside the elements named, every function is reentrant, and scratch (64-byte aligned, its bytes said by the
/// function beside) belongs to one call at a time. Sizes are the caller's to check: extents are 1 … 2^20, a picture has
/// fewer than 2^31 pixels. Pixels are finite; where bytes are made of them, they are held to 0 … 1 first.
///
/// **Every level gives the same bits**: nothing is fused, no sum is reordered, no function of libm is called, so that a
/// verdict does not depend on the CPU. Beyond the edge a picture goes on as its own mirror image, the edge pixel first:
/// … c b a | a b c … ("reflect" in scipy.ndimage), unless a function says otherwise. The formulas here are definitions: an
/// independent program that follows them gets the same pixels, up to rounding.

#ifndef PICKET_PICTURES_H
#define PICKET_PICTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picket_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// Largest side of a median's window.
#define PICKET_MEDIAN_SIDE_MAX 15

/// Largest radius of a Gaussian blur's window.
#define PICKET_BLUR_RADIUS_MAX 256

/// Where along an axis the samples of a resized or scaled one lie: sample i at origin + i · step, in source pixels.
typedef struct picket_axis {
    double origin, step;
    /// Whether the picture goes on beyond the edge as its mirror image, or as its edge pixel.
    bool mirrored;
} picket_axis;

/// The planes with which `resample` works: source_height × source_width, rows source_stride and planes source_plane floats
/// apart; and what they become.
typedef struct picket_resampling {
    size_t channels;
    size_t source_height, source_width, source_stride, source_plane;
    size_t height, width, stride, plane;
    picket_axis rows, columns;
} picket_resampling;

/// Non-local means' parameters, and the picture's extents.
typedef struct picket_means {
    size_t channels, height, width;
    /// Sides, odd: of the window that is searched, to 31, and of the patches compared, to 11.
    size_t search, patch;
    /// In units of 1 / 255; 0 and more.
    double strength;
} picket_means;

/// The picture kernels of one ISA level. Immutable; lives as long as the process.
typedef struct picket_picture_table {
    picket_isa_level level;

    /// Rounds pixels to `steps` + 1 levels: rint(x · steps) / steps, halves to even, in float32. `steps` lies in 1 … 2^16,
    /// and |x| below 2^5.
    void (*quantise)(const float *source, float *destination, size_t count, float steps);
    /// Pixels as grey levels: rint(255 · x), halves to even, held to 0 … 255. Whether all are finite; the levels of those
    /// that are not mean nothing.
    bool (*to_levels)(const float *source, float *destination, size_t count);

    size_t (*texture_scratch)(size_t height, size_t width);
    /// Where a plane is not flat: 1 where the sums over 3 × 3 pixels of the 3 × 3 pixels around it lie `span` apart or more,
    /// else 0. Beyond the edge goes on the edge, of pixels and of sums. Exact for whole numbers below 2^20.
    void (*texture)(
        const float *source, uint8_t *flags, size_t height, size_t width, float span, void *scratch);

    /// Planar pixels in 0 … 1 as interleaved bytes: rint(255 · x), halves to even, held to 0 … 255.
    void (*to_bytes)(const float *source, uint8_t *destination, size_t channels, size_t pixels);
    /// Interleaved bytes as planar pixels: byte / 255 in float32.
    void (*from_bytes)(const uint8_t *source, float *destination, size_t channels, size_t pixels);

    size_t (*median_scratch)(size_t height, size_t width, size_t side);
    /// The median over a window of side × side pixels, side in 2 … PICKET_MEDIAN_SIDE_MAX: element side · side / 2
    /// (counted from 0) of the window's sorted pixels; the window begins side / 2 pixels above and left of its pixel.
    /// That is scipy.ndimage.median_filter(x, size=side, mode='reflect').
    void (*median)(
        const float *source, float *destination, size_t height, size_t width, size_t side, void *scratch);

    /// Moves the plane right and down: destination(y, x) = source(y - down, x - right).
    void (*shift)(
        const float *source, float *destination, size_t height, size_t width, ptrdiff_t right, ptrdiff_t down);
    /// Mirrors every row: destination(y, x) = source(y, width - 1 - x).
    void (*flip)(const float *source, float *destination, size_t height, size_t width);

    size_t (*rotate_scratch)(size_t height, size_t width, double cosine, double sine);
    /// Rotates all planes about the centre, ((height - 1) / 2, (width - 1) / 2), with bilinear interpolation:
    ///   destination(cy + v, cx + u) = source(cy + cosine · v + sine · u, cx + cosine · u - sine · v).
    /// That is scipy.ndimage.rotate(x, degrees, reshape=False, order=1, mode='reflect').
    void (*rotate)(
        const float *source, float *destination, size_t channels, size_t height, size_t width, double cosine,
        double sine, void *scratch);

    size_t (*resample_scratch)(const picket_resampling *sizes);
    /// Resizes and scales planes, bilinear between pixel centres, without smoothing:
    ///   destination(y, x) = source(rows.origin + y · rows.step, columns.origin + x · columns.step).
    void (*resample)(const float *source, float *destination, const picket_resampling *sizes, void *scratch);

    size_t (*blur_scratch)(size_t height, size_t width, size_t radius);
    /// Gaussian blur of a plane, its window cut at `radius` pixels and its weights exp(-x² / (2 · sigma²)) made to sum to
    /// 1: scipy.ndimage.gaussian_filter(x, sigma, radius=radius, mode='reflect').
    void (*blur)(
        const float *source, float *destination, size_t height, size_t width, double sigma, size_t radius,
        void *scratch);

    /// Adds sigma · (standard normal numbers of `seed`) to every pixel; held to 0 … 1 where `clamped`.
    ///
    /// Philox4x32-10 (Salmon and others, SC 2011), key = seed (low word first), counter = (n, 0, 1, 0), n = 0, 1, …:
    /// words w0 … w3. With u(w) = (w >> 1 + 1/2) · 2^-31 and r = sqrt(-2 · log u(w0)), a = 2π · (w1 >> 8) · 2^-24 the
    /// first two numbers of the counter are r · cos a and r · sin a (Box and Muller), the other two come likewise from w2
    /// and w3. Number k of counter n belongs to element 64 · (n / 16) + 16 · k + n mod 16. Within 1e-5 of the formula.
    void (*noise)(const float *source, float *destination, size_t count, float sigma, uint64_t seed, bool clamped);

    size_t (*means_scratch)(const picket_means *means);
    /// Non-local means (Buades, Coll, Morel 2005) over all channels at once, after OpenCV's fastNlMeansDenoising:
    ///   destination(p) = Σ w(p, q) · source(q) / Σ w(p, q)   over all q in the search window around p,
    ///   w(p, q) = exp(-D(p, q) / (patch² · channels · strength²)), and 0 where that is below 0.001,
    /// where D sums, over the patches around p and q and all channels, the squared differences of the pixels as bytes, rint(255 ·
    /// x). Beyond the edge: … c b | a b c … ("reflect101"), as in OpenCV. What differs from OpenCV: D is exact, not divided
    /// by a power of two first; the mean is of the float pixels, and is not rounded to a byte.
    void (*means)(const float *source, float *destination, const picket_means *means, void *scratch);

    size_t (*variation_scratch)(size_t height, size_t width);
    /// Total-variation denoising of a plane, min over z of Σ |∇z| + Σ (z - source)² / (2 · weight), by Chambolle's
    /// projections (2004): skimage.restoration.denoise_tv_chambolle(x, weight, eps=0, max_num_iter=iterations), held to
    /// 0 … 1. weight > 0, iterations ≥ 1.
    void (*variation)(
        const float *source, float *destination, size_t height, size_t width, float weight, size_t iterations,
        void *scratch);

    size_t (*masked_variation_scratch)(size_t height, size_t width);
    /// The same minimum, where the pixels that were dropped have no say: min over z of Σ |∇z| + Σ m · (z - source)² / (2 ·
    /// weight) (Guo and others, ICLR 2018), by `iterations` steps of Chambolle and Pock's method (2011), held to 0 … 1.
    ///
    /// `mask` holds 1 (kept) or 0 (dropped) for each pixel. Dropped pixels begin as the mean of the kept ones among their
    /// eight neighbours inside the picture, 1/2 where there is none; their own values are never read.
    void (*masked_variation)(
        const float *source, const float *mask, float *destination, size_t height, size_t width, float weight,
        size_t iterations, void *scratch);

    size_t (*wavelet_scratch)(size_t height, size_t width);
    /// Soft-thresholds a plane's Haar wavelet coefficients, the thresholds BayesShrink's (Chang, Yu, Vetterli 2000), and
    /// holds it to 0 … 1: skimage.restoration.denoise_wavelet(x, sigma, wavelet='db1', method='BayesShrink', mode='soft').
    ///
    /// Levels: max(1, floor(log2(smaller extent)) - 3). A negative `sigma` is estimated: the median size of the finest
    /// diagonal coefficients, those below 1e-6 left out, / 0.6745.
    void (*wavelet)(
        const float *source, float *destination, size_t height, size_t width, double sigma, void *scratch);
} picket_picture_table;

/// The picture kernels of a level, or NULL where `picket_isa_available(level)` is false.
const picket_picture_table *_Nullable picket_pictures(picket_isa_level level);

/// The picture kernels that are the fastest on this CPU; each may be of another level, `level` is what most are.
const picket_picture_table *picket_pictures_best(void);

/// Four random words: Philox4x32-10 with the key `seed` (low word first) and the counter (`index` low word first, `stream`,
/// 0).
void picket_random_words(uint64_t seed, uint32_t stream, uint64_t index, uint32_t words[_Nonnull 4]);

/// Moves `count` pixels of a picture in place, one after the other: each becomes one of the pixels of the window of
/// side 2 · `window` + 1 around it, cut at the picture's edges (Prakash and others, CVPR 2018, without their map).
///
/// Move n draws the words w of (seed, stream 3, n): row = w0 · height >> 32, column = w1 · width >> 32, and of the rows and
/// columns of its window, likewise, by w2 and w3. All channels move together.
void picket_picture_deflect(
    float *picture, size_t channels, size_t height, size_t width, size_t count, size_t window, uint64_t seed);

/// A mask of 1 (kept) and 0 (dropped) for `count` pixels: element 4 · n + k is dropped where word k of (seed, stream 2, n),
/// times 2^-32, is below `probability`.
void picket_picture_mask(float *mask, size_t count, double probability, uint64_t seed);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
