// Element-wise functions against their definitions.

#include <math.h>
#include <string.h>

#include "properties.h"

#define ALPHA 0.3f
#define BETA 0.7f

/// A function with its definition in double precision, and the error that the header allows: in units of the last place, or,
/// where `relative` is greater than zero, that share of |x|.
typedef struct function {
    const char *name;
    picket_unary operation;
    double (*exact)(double);
    double ulps, relative;
} function;

static double relu(double x) { return x < 0 ? 0 : x; }
static double leaky(double x) { return x < 0 ? (double)ALPHA * x : x; }
static double clip(double x) { return x < (double)ALPHA ? (double)ALPHA : x > (double)BETA ? (double)BETA : x; }
static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double hard_swish(double x) { return x * fmin(fmax(x / 6 + 0.5, 0), 1); }
static double reciprocal(double x) { return 1 / x; }
static double negate(double x) { return -x; }
static double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
static double silu(double x) { return x / (1 + exp(-x)); }
static double gelu(double x) { return x / 2 * erfc(-x / sqrt(2)); }
static double gelu_tanh(double x) { return x / (1 + exp(-2 * sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); }
static double elu(double x) { return x < 0 ? (double)ALPHA * expm1(x) : x; }
static double selu(double x) { return (double)BETA * elu(x); }
static double celu(double x) {
    return isnan(x) ? x : fmax(x, 0) + fmin((double)ALPHA * expm1((double)(float)((float)x / ALPHA)), 0);
}
static double softplus(double x) { return isnan(x) ? x : fmax(x, 0) + log1p(exp(-fabs(x))); }
static double mish(double x) { return x * tanh(softplus(x)); }
static double hard_sigmoid(double x) { return isnan(x) ? x : fmin(fmax((double)ALPHA * x + (double)BETA, 0), 1); }
static double softsign(double x) { return x / (1 + fabs(x)); }
static double thresholded(double x) { return x <= (double)ALPHA ? 0 : x; }

static const function functions[] = {
    {"relu", PICKET_UNARY_RELU, relu, 0, 0},
    {"leaky relu", PICKET_UNARY_LEAKY_RELU, leaky, 0.5, 0},
    {"clip", PICKET_UNARY_CLIP, clip, 0, 0},
    {"sigmoid", PICKET_UNARY_SIGMOID, sigmoid, 4, 0},
    {"tanh", PICKET_UNARY_TANH, tanh, 4, 0},
    {"hard swish", PICKET_UNARY_HARD_SWISH, hard_swish, 4, 0x1p-22},
    {"exp", PICKET_UNARY_EXP, exp, 2, 0},
    {"erf", PICKET_UNARY_ERF, erf, 4, 0},
    {"log", PICKET_UNARY_LOG, log, 2, 0},
    {"sqrt", PICKET_UNARY_SQRT, sqrt, 0.5, 0},
    {"reciprocal", PICKET_UNARY_RECIPROCAL, reciprocal, 0.5, 0},
    {"abs", PICKET_UNARY_ABS, fabs, 0, 0},
    {"negate", PICKET_UNARY_NEGATE, negate, 0, 0},
    {"floor", PICKET_UNARY_FLOOR, floor, 0, 0},
    {"ceil", PICKET_UNARY_CEIL, ceil, 0, 0},
    {"round", PICKET_UNARY_ROUND, rint, 0, 0},
    {"sign", PICKET_UNARY_SIGN, sign, 0, 0},
    {"silu", PICKET_UNARY_SILU, silu, 4, 0x1p-120},
    {"gelu", PICKET_UNARY_GELU, gelu, 4, 0x1p-22},
    {"gelu tanh", PICKET_UNARY_GELU_TANH, gelu_tanh, 4, 0x1p-24},
    {"elu", PICKET_UNARY_ELU, elu, 4, 0},
    {"selu", PICKET_UNARY_SELU, selu, 4, 0},
    {"celu", PICKET_UNARY_CELU, celu, 4, 0},
    {"softplus", PICKET_UNARY_SOFTPLUS, softplus, 4, 0},
    {"mish", PICKET_UNARY_MISH, mish, 4, 0x1p-120},
    {"hard sigmoid", PICKET_UNARY_HARD_SIGMOID, hard_sigmoid, 2, 0x1p-22},
    {"softsign", PICKET_UNARY_SOFTSIGN, softsign, 2, 0},
    {"thresholded relu", PICKET_UNARY_THRESHOLDED_RELU, thresholded, 0, 0},
    {"sin", PICKET_UNARY_SIN, sin, 1, 0},
    {"cos", PICKET_UNARY_COS, cos, 1, 0},
    {"tan", PICKET_UNARY_TAN, tan, 2, 0},
    {"asin", PICKET_UNARY_ASIN, asin, 2, 0},
    {"acos", PICKET_UNARY_ACOS, acos, 2, 0},
    {"atan", PICKET_UNARY_ATAN, atan, 2, 0},
    {"sinh", PICKET_UNARY_SINH, sinh, 3, 0},
    {"cosh", PICKET_UNARY_COSH, cosh, 3, 0},
    {"asinh", PICKET_UNARY_ASINH, asinh, 3, 0},
    {"acosh", PICKET_UNARY_ACOSH, acosh, 3, 0},
    {"atanh", PICKET_UNARY_ATANH, atanh, 3, 0},
};
#define FUNCTION_COUNT (sizeof functions / sizeof *functions)

static const float specials[] = {
    NAN, INFINITY, -INFINITY, 0.0f, -0.0f, 0x1p-149f, -0x1p-149f, 0x1p-126f, 0x1.fffffep127f, -0x1.fffffep127f, 3, -3,
    0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 0.625f, -0.625f, 1e-8f, -1e-8f, 88.7228f, 88.7229f, -87.4f, -103.9f, -104.1f,
    9.02f, -9.02f, 17, -17, 1, -1, 8388609.0f, -8388609.0f, 0.49999997f, -0.49999997f,
};
#define SPECIAL_COUNT (sizeof specials / sizeof *specials)

/// All magnitudes, and the interesting range densely.
static float sample(size_t index) {
    if (index < SPECIAL_COUNT) {
        return specials[index];
    }
    if (random_chance(2)) {
        return random_float() * (float[]){1, 5, 20, 110}[random_size(0, 3)];
    }
    const uint32_t bits = (uint32_t)random_bits();
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void check_function(const function *f) {
    enum { COUNT = 4000 };
    float *x = guarded(COUNT), *y = guarded(COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        x[i] = sample(i);
    }
    kernels->unary(f->operation, COUNT, x, y, ALPHA, BETA);
    double worst = 0, tolerated = 0;
    float at = 0;
    for (size_t i = 0; i < COUNT; i++) {
        const double exact = f->exact((double)x[i]), distance = ulps(y[i], exact);
        if (f->relative > 0 && is_close(y[i], exact, f->relative * fabs((double)x[i]))) {
            tolerated = distance > tolerated ? distance : tolerated;
        } else if (distance > worst) {
            worst = distance;
            at = x[i];
        }
    }
    check(worst <= f->ulps, "%s(%a) is %g ulp off", f->name, (double)at, worst);
    // Bits that do not depend on the place, and in place.
    const size_t count = random_size(0, 70), start = random_size(0, COUNT - 70);
    float *part = guarded_copy(x + start, count);
    kernels->unary(f->operation, count, part, part, ALPHA, BETA);
    bool same = true;
    for (size_t i = 0; i < count; i++) {
        same = same && same_bits(part[i], y[start + i]);
    }
    check(same, "%s of %zu elements in place", f->name, count);
    release();
}

static void check_power(float exponent) {
    enum { COUNT = 200 };
    float *x = guarded(COUNT), *y = guarded(COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        x[i] = sample(i);
    }
    kernels->unary(PICKET_UNARY_POWER, COUNT, x, y, exponent, 0);
    double worst = 0;
    float at = 0;
    for (size_t i = 0; i < COUNT; i++) {
        const double distance = ulps(y[i], pow((double)x[i], (double)exponent));
        if (distance > worst) {
            worst = distance;
            at = x[i];
        }
    }
    check(worst <= 2, "%a to the power of %g is %g ulp off", (double)at, (double)exponent, worst);
    release();
}

void check_unary(void) {
    for (size_t round = 0; round < 6; round++) {
        for (size_t i = 0; i < FUNCTION_COUNT; i++) {
            check_function(&functions[i]);
        }
        for (size_t i = 0; i < 9; i++) {
            check_power((float[]){-2, -1, -0.5f, 0, 0.5f, 1, 2, 3, 1.7f}[i]);
        }
    }
}

static float combined(picket_binary operation, float a, float b) {
    switch (operation) {
    case PICKET_BINARY_ADD: return a + b;
    case PICKET_BINARY_SUBTRACT: return a - b;
    case PICKET_BINARY_MULTIPLY: return a * b;
    case PICKET_BINARY_DIVIDE: return a / b;
    case PICKET_BINARY_MINIMUM: return isnan(a) || isnan(b) ? NAN : fminf(a, b);
    case PICKET_BINARY_MAXIMUM: return isnan(a) || isnan(b) ? NAN : fmaxf(a, b);
    case PICKET_BINARY_PRELU: return a < 0 ? a * b : a;
    case PICKET_BINARY_POWER: return powf(a, b);
    }
    return NAN;
}

/// Floats of an operand with this row stride and step.
static float *operand(size_t rows, size_t count, size_t stride, size_t step) {
    const size_t length = (rows - 1) * stride + (count - 1) * step + 1;
    float *values = guarded_random(length);
    for (size_t i = 0; i < length; i++) {
        values[i] = random_chance(9) ? specials[random_size(0, 4)] : values[i];
    }
    return values;
}

static void check_one_binary(picket_binary operation) {
    const size_t rows = random_size(1, 4), count = random_size(1, 70), pitch = count + random_size(0, 2);
    const size_t strides[] = {count + 2, 0, 1, 0}, steps[] = {1, 1, 0, 0};
    const size_t left = random_size(0, 3), right = random_size(0, 3);
    float *a = operand(rows, count, strides[left], steps[left]), *b = operand(rows, count, strides[right], steps[right]);
    float *y = guarded((rows - 1) * pitch + count);
    kernels->binary(operation, rows, count, a, strides[left], steps[left], b, strides[right], steps[right], y, pitch);
    bool holds = true;
    for (size_t i = 0; i < (rows - 1) * pitch + count; i++) {
        const size_t row = i / pitch, column = i % pitch;
        const float exact = combined(
            operation, a[row * strides[left] + column % count * steps[left]],
            b[row * strides[right] + column % count * steps[right]]);
        holds = holds && (column < count ? same_bits(y[i], exact) || y[i] == exact : is_untouched(y[i]));
    }
    check(holds, "binary %d of %zu × %zu", (int)operation, rows, count);
    release();
}

void check_binary(void) {
    for (size_t round = 0; round < 100; round++) {
        for (int operation = 0; operation < PICKET_BINARY_COUNT; operation++) {
            check_one_binary((picket_binary)operation);
        }
        const size_t rows = random_size(0, 4), count = random_size(0, 70);
        float *x = guarded_random(rows * count), *scale = guarded_random(rows), *shift = guarded_random(rows);
        float *y = guarded(rows * count);
        kernels->affine(rows, count, x, scale, shift, y);
        bool holds = true;
        for (size_t i = 0; i < rows * count; i++) {
            const double exact = (double)x[i] * (double)scale[i / count] + (double)shift[i / count];
            holds = holds && is_close(y[i], exact, 2e-7);
        }
        check(holds, "affine of %zu × %zu", rows, count);
        release();
    }
}
