#include "picket_pictures.h"

// Products and sums round as they are written, on every CPU.
#pragma clang fp contract(off)

/// Adding and taking away 1.5 · 2^23 leaves a float32 of less than 2^22 rounded to a whole number, halves to even. Unlike
/// rintf it is two instructions on every vector unit.
static const float ROUNDER = 12582912.0f;

void picket_picture_quantise(const float *restrict source, float *restrict destination, size_t count, float steps) {
    for (size_t i = 0; i < count; i++) {
        const float whole = (source[i] * steps + ROUNDER) - ROUNDER;
        destination[i] = whole / steps;
    }
}

static inline uint8_t byte_of(float pixel) {
    float scaled = pixel * 255.0f;
    scaled = scaled > 0.0f ? scaled : 0.0f;
    scaled = scaled < 255.0f ? scaled : 255.0f;
    return (uint8_t)(int32_t)((scaled + ROUNDER) - ROUNDER);
}

void picket_picture_to_bytes(
    const float *restrict source, uint8_t *restrict destination, size_t channels, size_t pixels) {
    for (size_t channel = 0; channel < channels; channel++) {
        const float *plane = source + channel * pixels;
        for (size_t i = 0; i < pixels; i++) destination[i * channels + channel] = byte_of(plane[i]);
    }
}

void picket_picture_from_bytes(
    const uint8_t *restrict source, float *restrict destination, size_t channels, size_t pixels) {
    for (size_t channel = 0; channel < channels; channel++) {
        float *plane = destination + channel * pixels;
        for (size_t i = 0; i < pixels; i++) plane[i] = (float)source[i * channels + channel] / 255.0f;
    }
}
