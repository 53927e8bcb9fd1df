/// Timing on a shared machine: CPU time of the thread, the best of many short rounds, and between them the multiply-add
/// peak, so that both see the same clock.

#ifndef MEASURE_H
#define MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "picket_kernels.h"

#define ROUNDS 9
#define ROUND_SECONDS 0.006

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *_Nonnull aligned(size_t bytes) {
    void *memory = aligned_alloc(PICKET_KERNEL_ALIGNMENT, (bytes + PICKET_KERNEL_ALIGNMENT) / 64 * 64);
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(71);
    }
    return memory;
}

static float *_Nonnull random_floats(size_t count) {
    float *values = aligned(count * sizeof(float));
    unsigned state = 1;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        values[i] = (float)(state >> 8) / 16777216.0f - 0.5f;
    }
    return values;
}

// The peak: 28 independent chains of multiply-adds, as many as the largest matrix tile has; with 16 registers 12.

#define PEAK_STEPS 20000

/// Takes the chains' ends and gives their start, so that the compiler keeps all of them.
static float peak_values[28 * 16];

#define PEAK(NAME, LANES, CHAINS, TARGET)                                                                              \
    typedef float NAME##_vector __attribute__((ext_vector_type(LANES)));                                               \
    TARGET __attribute__((noinline)) static double NAME##_peak(float *values, size_t steps) {                          \
        NAME##_vector sums[CHAINS], factor, term;                                                                      \
        memcpy(sums, values, sizeof sums);                                                                             \
        memcpy(&factor, values, sizeof factor);                                                                        \
        memcpy(&term, values + LANES, sizeof term);                                                                    \
        for (size_t step = 0; step < steps; step++) {                                                                  \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) {                                      \
                sums[i] = __builtin_elementwise_fma(factor, term, sums[i]);                                            \
            }                                                                                                          \
        }                                                                                                              \
        memcpy(values, sums, sizeof sums);                                                                             \
        return (double)(LANES * CHAINS) * (double)steps;                                                               \
    }

#if defined(__x86_64__)
PEAK(fma256, 8, 12, __attribute__((target("avx2,fma"))))
PEAK(fma512, 16, 28, __attribute__((target("avx512f"))))
#elif defined(__aarch64__)
PEAK(fma128, 4, 24, )
#endif

/// Seconds of one multiply-add of one float at the peak, as one short run has it; a large number where it is not known.
static double peak_seconds(void) {
    double (*peak)(float *, size_t) = NULL;
#if defined(__x86_64__)
    if (picket_isa_available(PICKET_ISA_AVX512)) {
        peak = fma512_peak;
    } else if (picket_isa_available(PICKET_ISA_AVX2)) {
        peak = fma256_peak;
    }
#elif defined(__aarch64__)
    peak = fma128_peak;
#endif
    if (peak == NULL) {
        return 1e9;
    }
    const double start = now(), products = peak(peak_values, PEAK_STEPS);
    return (now() - start) / products;
}

typedef struct measured {
    /// Seconds of one call, and of one multiply-add at the peak.
    double call, peak;
} measured;

static measured measure(void (*work)(const void *), const void *argument) {
    measured best = {1e9, 1e9};
    size_t calls = 1;
    work(argument);
    for (int round = 0; round < ROUNDS;) {
        const double peak = peak_seconds();
        best.peak = peak < best.peak ? peak : best.peak;
        const double start = now();
        for (size_t i = 0; i < calls; i++) {
            work(argument);
        }
        const double took = now() - start;
        best.call = took / (double)calls < best.call ? took / (double)calls : best.call;
        if (took < ROUND_SECONDS / 2) {
            calls *= 2;
        } else {
            round++;
        }
    }
    return best;
}

/// One line: microseconds, GFLOP/s and the share of the peak. `products` are the multiply-adds of one call.
static void print_rate(const char *level, const char *name, double products, measured it) {
    printf("%-9s %-44s %9.1f us %7.1f GFLOP/s", level, name, it.call * 1e6, 2e-9 * products / it.call);
    if (it.peak < 1) {
        printf("  %3.0f %%", 100 * products * it.peak / it.call);
    }
    putchar('\n');
    fflush(stdout);
}

#endif
