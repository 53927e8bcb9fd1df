#include "philox.h"

#include "picket_pictures.h"

#pragma clang fp contract(off)

void picket_random_words(uint64_t seed, uint32_t stream, uint64_t index, uint32_t words[_Nonnull 4]) {
    uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32), stream, 0};
    uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    for (int round = 0; round < PICKET_PHILOX_ROUNDS; round++) {
        const uint64_t a = (uint64_t)counter[0] * PICKET_PHILOX_FACTOR_0;
        const uint64_t b = (uint64_t)counter[2] * PICKET_PHILOX_FACTOR_1;
        counter[0] = (uint32_t)(b >> 32) ^ counter[1] ^ key[0];
        counter[1] = (uint32_t)b;
        counter[2] = (uint32_t)(a >> 32) ^ counter[3] ^ key[1];
        counter[3] = (uint32_t)a;
        key[0] += PICKET_PHILOX_STEP_0;
        key[1] += PICKET_PHILOX_STEP_1;
    }
    for (int i = 0; i < 4; i++) words[i] = counter[i];
}

/// A whole number below `count` from a random word.
static size_t below(uint32_t word, size_t count) { return (size_t)(((uint64_t)word * count) >> 32); }

/// One of the places from `window` before to `window` behind `place`, inside the axis.
static size_t neighbour(uint32_t word, size_t place, size_t window, size_t extent) {
    const size_t first = place > window ? place - window : 0;
    const size_t last = extent - 1 - place > window ? place + window : extent - 1;
    return first + below(word, last - first + 1);
}

void picket_picture_deflect(
    float *picture, size_t channels, size_t height, size_t width, size_t count, size_t window, uint64_t seed) {
    for (size_t move = 0; move < count; move++) {
        uint32_t words[4];
        picket_random_words(seed, PICKET_STREAM_DEFLECTION, move, words);
        const size_t row = below(words[0], height), column = below(words[1], width);
        const size_t to = row * width + column;
        const size_t from = neighbour(words[2], row, window, height) * width + neighbour(words[3], column, window, width);
        for (size_t channel = 0; channel < channels; channel++) {
            float *plane = picture + channel * height * width;
            plane[to] = plane[from];
        }
    }
}

void picket_picture_mask(float *mask, size_t count, double probability, uint64_t seed) {
    uint32_t words[4];
    for (size_t i = 0; i < count; i++) {
        if (i % 4 == 0) picket_random_words(seed, PICKET_STREAM_MASK, i / 4, words);
        mask[i] = (double)words[i % 4] * 0x1p-32 < probability ? 0.0f : 1.0f;
    }
}
