/// Arithmetic of detectors that learn, on vectors of sixteen floats: distances, products, and mixtures of Gaussians.
///
/// The rules of picket_kernels.h hold here too: nothing is allocated or kept, outputs do not overlap inputs, nothing is
/// touched outside the elements named, every function is reentrant. No multiplication is fused with an addition and every sum
/// has one order, so that all levels give the same bits. Pointers need the alignment of a float.

#ifndef PICKET_LANES_H
#define PICKET_LANES_H

#include <stddef.h>

#include "picket_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// Floats in a vector.
#define PICKET_LANES 16

/// A mixture of Gaussians of full covariance.
typedef struct picket_mixture {
    /// 1 … PICKET_MIXTURE_DIMENSION_MAX.
    size_t dimension;
    /// Gaussians, 1 … PICKET_MIXTURE_SIZE_MAX.
    size_t size;
    /// size: ln weight − ½ ln det 2πΣ.
    const float *constants;
    /// size × dimension.
    const float *means;
    /// size × dimension (dimension + 1) / 2: rows of L⁻¹ up to the diagonal, Σ = L Lᵀ.
    const float *whitenings;
} picket_mixture;

/// The kernels of one level.
typedef struct picket_lanes_table {
    /// Squared Euclidean distances of `count` rows from a vector; rows and vector are `width` times sixteen floats.
    void (*squared_distances)(
        const float *rows, size_t count, size_t width, const float *vector, float *distances);

    /// Products of `count` rows with a vector; rows and vector are `width` times sixteen floats.
    void (*products)(const float *rows, size_t count, size_t width, const float *vector, float *products);

    /// The same of a lower triangle: row i has nothing but zeros after its element i, and is read as far as that alone.
    void (*triangle_products)(const float *rows, size_t count, size_t width, const float *vector, float *products);

    /// A mixture at `count` points: −ln Σ exp(constant − ½ |L⁻¹ (x − mean)|²) each. Densities more than 18 below a point's
    /// largest do not count. A point's number has the same bits whatever the points beside it.
    ///
    ///   points       number d of point p at offsets[d] + p, read as far as whole sixteens of points
    ///   likelihoods  `count`, made whole sixteens, written
    void (*mixture_likelihoods)(
        const picket_mixture *mixture, const float *points, const ptrdiff_t *offsets, size_t count,
        float *likelihoods);

    /// The same at sixteen points, with every Gaussian's density.
    ///
    ///   points       dimension × 16: number d of point p at 16 d + p
    ///   densities    size × 16, written: constant − ½ |L⁻¹ (x − mean)|²
    ///   likelihoods  16, written
    void (*mixture_densities)(
        const picket_mixture *mixture, const float *points, float *densities, float *likelihoods);
} picket_lanes_table;

/// Most Gaussians, and largest dimension, of a mixture.
#define PICKET_MIXTURE_SIZE_MAX 64
#define PICKET_MIXTURE_DIMENSION_MAX 64

/// The kernels of a level; NULL where this build or CPU has none.
const picket_lanes_table *_Nullable picket_lanes(picket_isa_level level);

/// The kernels of the best level for this CPU.
const picket_lanes_table *picket_lanes_best(void);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
