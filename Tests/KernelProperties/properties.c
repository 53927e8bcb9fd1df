// What the suites share: numbers, guarded memory, comparisons.

#include "properties.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

tally counted;
const picket_kernel_table *kernels;
const picket_picture_table *pictures;

static uint64_t random_state;

void seed_random(uint64_t seed) {
    random_state = seed;
}

uint64_t random_bits(void) {
    random_state += 0x9E3779B97F4A7C15u;
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

size_t random_size(size_t low, size_t high) {
    return low + (size_t)(random_bits() >> 32) % (high - low + 1);
}

bool random_chance(unsigned one_in) {
    return random_size(1, one_in) == 1;
}

float random_float(void) {
    return (float)(random_bits() >> 40) * 0x1p-23f - 1.0f;
}

// Mappings are kept in a list until `release`: a case has some ten.

#define MAPPINGS_AT_MOST 512

static struct {
    void *start;
    size_t bytes;
} mappings[MAPPINGS_AT_MOST];
static size_t mapping_count;

/// Memory of `bytes` between two closed pages; it ends at the second one if `at_end`, else starts behind the first.
static void *map_closed(size_t bytes, bool at_end) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t inner = bytes == 0 ? page : (bytes + page - 1) / page * page;
    char *start = mmap(NULL, inner + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || mapping_count == MAPPINGS_AT_MOST
        || mprotect(start, page, PROT_NONE) != 0 || mprotect(start + page + inner, page, PROT_NONE) != 0) {
        fputs("no memory for a case\n", stderr);
        exit(71);
    }
    mappings[mapping_count].start = start;
    mappings[mapping_count++].bytes = inner + 2 * page;
    return start + page + (at_end ? inner - bytes : 0);
}

float untouched(void) {
    const uint32_t bits = 0xFFA5A5A5u;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

bool is_untouched(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits == 0xFFA5A5A5u;
}

float *guarded(size_t count) {
    float *values = map_closed(count * sizeof(float), !random_chance(3));
    const float value = untouched();
    for (size_t i = 0; i < count; i++) {
        memcpy(values + i, &value, sizeof value);
    }
    return values;
}

float *guarded_random(size_t count) {
    float *values = map_closed(count * sizeof(float), !random_chance(3));
    for (size_t i = 0; i < count; i++) {
        values[i] = random_float();
    }
    return values;
}

float *guarded_copy(const float *source, size_t count) {
    float *values = map_closed(count * sizeof(float), !random_chance(3));
    memcpy(values, source, count * sizeof(float));
    return values;
}

void *aligned_bytes(size_t bytes) {
    const size_t aligned = (bytes + PICKET_KERNEL_ALIGNMENT - 1) / PICKET_KERNEL_ALIGNMENT * PICKET_KERNEL_ALIGNMENT;
    void *memory = map_closed(aligned, true);
    memset(memory, 0xFF, aligned);
    return memory;
}

void release(void) {
    while (mapping_count > 0) {
        mapping_count--;
        munmap(mappings[mapping_count].start, mappings[mapping_count].bytes);
    }
}

/// Failures that are printed; later ones are only counted.
#define PRINTED_AT_MOST 20

void check(bool holds, const char *format, ...) {
    counted.cases++;
    if (holds) {
        return;
    }
    if (counted.failures++ < PRINTED_AT_MOST) {
        va_list arguments;
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputc('\n', stderr);
    }
}

bool is_close(float actual, double exact, double tolerance) {
    if (isnan(exact) || isinf(exact)) {
        return (isnan(exact) && isnan(actual)) || (double)actual == exact;
    }
    return fabs((double)actual - exact) <= tolerance;
}

bool same_bits(float a, float b) {
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

double ulps(float actual, double exact) {
    const float rounded = (float)exact;
    if (isnan(actual) || isnan(exact)) {
        return isnan(actual) && isnan(exact) ? 0 : INFINITY;
    }
    if (isinf(rounded) || isinf(actual)) {
        return actual == rounded ? 0 : INFINITY;
    }
    const float size = fabsf(rounded);
    return fabs((double)actual - exact) / ((double)nextafterf(size, INFINITY) - (double)size);
}

double activated(double x, picket_activation activation, float alpha, float beta) {
    switch (activation) {
    case PICKET_ACTIVATION_NONE: return x;
    case PICKET_ACTIVATION_RELU: return x < 0 ? 0 : x;
    case PICKET_ACTIVATION_LEAKY_RELU: return x < 0 ? (double)alpha * x : x;
    case PICKET_ACTIVATION_CLIP: return x < (double)alpha ? (double)alpha : x > (double)beta ? (double)beta : x;
    case PICKET_ACTIVATION_HARD_SWISH: return x * fmin(fmax(x / 6 + 0.5, 0), 1);
    case PICKET_ACTIVATION_SIGMOID: return 1 / (1 + exp(-x));
    case PICKET_ACTIVATION_SILU: return x / (1 + exp(-x));
    case PICKET_ACTIVATION_GELU: return x / 2 * erfc(-x / sqrt(2));
    }
    return NAN;
}

picket_activation random_activation(void) {
    return (picket_activation)random_size(PICKET_ACTIVATION_NONE, PICKET_ACTIVATION_GELU);
}
