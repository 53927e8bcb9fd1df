// Runs every suite for the levels named as arguments, or for all that this machine has.

#include <stdio.h>
#include <string.h>

#include "properties.h"

static const struct {
    const char *name;
    void (*check)(void);
} suites[] = {
    {"unary", check_unary},
    {"binary", check_binary},
    {"rows", check_rows},
    {"convolutions", check_convolutions},
    {"pooling", check_pooling},
    {"pixels", check_pixels},
};

/// 12345 as "12,345".
static const char *with_commas(size_t number, char text[static 32]) {
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%zu", number);
    char *end = text;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            *end++ = ',';
        }
        *end++ = digits[i];
    }
    *end = '\0';
    return text;
}

static bool is_wanted(const char *name, int count, char *const *names) {
    for (int i = 1; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return count < 2;
}

int main(int count, char **arguments) {
    size_t failures = 0;
    int tested = 0;
    for (int index = 0; index < PICKET_ISA_LEVEL_COUNT; index++) {
        const picket_isa_level level = (picket_isa_level)index;
        if (!picket_isa_available(level) || !is_wanted(picket_isa_name(level), count, arguments)) {
            continue;
        }
        kernels = picket_kernels(level);
        counted = (tally){0};
        for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
            const tally before = counted;
            seed_random(i + 1);
            suites[i].check();
            printf(
                "  %-24s %6zu cases, %zu failures\n", suites[i].name, counted.cases - before.cases,
                counted.failures - before.failures);
        }
        char text[32];
        printf("%s: %s cases, %zu failures\n", picket_isa_name(level), with_commas(counted.cases, text), counted.failures);
        failures += counted.failures;
        tested++;
    }
    if (tested == 0) {
        fputs("no such level here\n", stderr);
        return 64;
    }
    return failures == 0 ? 0 : 1;
}
