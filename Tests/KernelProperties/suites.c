// The suites, in the order in which they run.

#include "properties.h"

const property_suite property_suites[] = {
    {"unary", check_unary},
    {"binary", check_binary},
    {"chain", check_chain},
    {"rows", check_rows},
    {"products", check_gemm},
    {"convolutions", check_convolutions},
    {"pooling", check_pooling},
    {"pixels", check_pixels},
    {"pictures", check_pictures},
};
const size_t property_suite_count = sizeof property_suites / sizeof *property_suites;

tally run_property_suite(size_t index, picket_isa_level level) {
    kernels = picket_kernels(level);
    pictures = picket_pictures(level);
    counted = (tally){0};
    seed_random(index + 1);
    property_suites[index].check();
    return counted;
}
