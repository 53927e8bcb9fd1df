/// Property tests of every kernel of a table, as plain C: the same program runs natively for each level of this machine, and
/// cross-compiled for another architecture under an emulator.
///
/// A suite draws shapes and operands from a generator of its own, computes every element by plain loops in double precision,
/// and counts each call of a kernel as one case. Operands lie against closed pages, so that an access outside of them
/// stops the program; what lies between an output's rows must stay as it was.

#ifndef PROPERTIES_H
#define PROPERTIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picket_kernels.h"
#include "picket_pictures.h"

// Operands are the same on every architecture, also where it has fused multiply-adds.
#pragma clang fp contract(off)

#pragma clang assume_nonnull begin

/// Cases and failures so far.
typedef struct tally {
    size_t cases, failures;
} tally;
extern tally counted;

/// The tables under test.
extern const picket_kernel_table *_Null_unspecified kernels;
extern const picket_picture_table *_Null_unspecified pictures;

/// Properties of kernels that belong together.
typedef struct property_suite {
    const char *name;
    void (*check)(void);
} property_suite;
extern const property_suite property_suites[];
extern const size_t property_suite_count;

/// Runs a suite, by its index, on the tables of a level that this machine has; not reentrant. Failures are also printed to
/// the standard error.
tally run_property_suite(size_t index, picket_isa_level level);

/// A digest of what the picture kernels have computed so far: it is the same on every level and every architecture.
extern uint64_t picture_digest;

/// SplitMix64: the same numbers everywhere for the same seed.
void seed_random(uint64_t seed);
uint64_t random_bits(void);
/// Uniform in low ... high.
size_t random_size(size_t low, size_t high);
bool random_chance(unsigned one_in);
/// Uniform in -1 ..< 1.
float random_float(void);

/// `count` floats between closed pages, as close to the page behind them as they fit, or to the one before them. They are
/// freed by `release`.
float *guarded(size_t count);
/// The same, filled with random floats.
float *guarded_random(size_t count);
/// A copy of floats.
float *guarded_copy(const float *values, size_t count);
/// Memory of this many bytes with the alignment that scratch needs, filled with NaN, before a closed page.
void *aligned_bytes(size_t bytes);
/// Frees all memory of the functions above.
void release(void);

/// The value that an output has before a kernel writes it: a NaN that no kernel computes.
float untouched(void);
bool is_untouched(float value);

/// Counts one case, and a failure with its text unless `holds`.
void check(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// Whether a float is the exact value but for `tolerance`: NaN only where that is NaN, infinite only where that is infinite.
bool is_close(float actual, double exact, double tolerance);
/// Whether two floats have the same bits, or are both NaN.
bool same_bits(float a, float b);
/// Distance from the exact value in units of its last place as float has them.
double ulps(float actual, double exact);

/// An activation as its definition has it.
double activated(double x, picket_activation activation, float alpha, float beta);
picket_activation random_activation(void);

/// Checks a picture kernel's result against the portable level's, and adds it to the digest.
void check_levels(const float *result, const float *portable, size_t count, const char *what);
/// The part of the suite of pictures that takes the kernels which smooth.
void check_smoothing(void);

// The suites.
void check_unary(void);
void check_binary(void);
void check_chain(void);
void check_rows(void);
void check_gemm(void);
void check_convolutions(void);
void check_pooling(void);
void check_pixels(void);
void check_pictures(void);

#pragma clang assume_nonnull end

#endif
