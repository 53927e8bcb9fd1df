// Runs every suite for the levels named as arguments, or for all that this machine has.

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "properties.h"

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
        tally all = {0};
        picture_digest = 0;
        for (size_t i = 0; i < property_suite_count; i++) {
            const tally one = run_property_suite(i, level);
            printf("  %-16s %6zu cases, %zu failures\n", property_suites[i].name, one.cases, one.failures);
            all.cases += one.cases;
            all.failures += one.failures;
        }
        printf("  pictures' digest %016" PRIx64 "\n", picture_digest);
        char text[32];
        printf("%s: %s cases, %zu failures\n", picket_isa_name(level), with_commas(all.cases, text), all.failures);
        failures += all.failures;
        tested++;
    }
    if (tested == 0) {
        fputs("no such level here\n", stderr);
        return 64;
    }
    return failures == 0 ? 0 : 1;
}
