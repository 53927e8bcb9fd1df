/* A detector in C, against the public header alone: how far a picture's mean brightness is from that of clean pictures.
 *
 *     clang -std=c11 -O2 -shared -fPIC -fvisibility=hidden -I ../../Sources/CPicketABI/include \
 *         brightness.c -o libpicket-brightness.so
 *
 * It plans no variant and runs no model, so it costs nothing but a sum; what it shows is the whole life of a detector:
 * create, plan, fit at calibration, create again with the fitted state, score.
 */
#include <picket_plugin.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct picket_detector {
    double clean_mean; /* of fit's rows; 0.5 before calibration */
};

static picket_status fail(picket_error *error, picket_status status, const char *message) {
    if (error) snprintf(error->message, sizeof error->message, "%s", message);
    return status;
}

/* A real plugin reads JSON with a library; this one has no settings, and says so. */
static int has_settings(picket_string configuration) {
    for (size_t i = 0; i < configuration.length; i++) {
        if (!strchr("{} \t\r\n", configuration.bytes[i])) return strncmp(configuration.bytes + i, "null", 4) != 0;
    }
    return 0;
}

static picket_status create(
    const picket_host *host, picket_string configuration, const picket_subject *subject, picket_bytes state,
    picket_detector **detector, picket_error *error) {
    (void)host;
    if (subject->kind != PICKET_SUBJECT_IMAGE) return fail(error, PICKET_UNSUPPORTED, "brightness looks at pictures only");
    if (has_settings(configuration)) return fail(error, PICKET_INVALID, "config: expected none, brightness has no settings");
    if (state.length != 0 && state.length != sizeof(double)) return fail(error, PICKET_INVALID, "state: expected 8 bytes");
    picket_detector *made = malloc(sizeof *made);
    if (!made) return fail(error, PICKET_FAILED, "no memory for a detector");
    made->clean_mean = 0.5;
    if (state.length) memcpy(&made->clean_mean, state.data, sizeof(double));
    *detector = made;
    return PICKET_OK;
}

static void destroy(picket_detector *detector) { free(detector); }

static picket_status plan(picket_detector *detector, const picket_planner *planner, picket_error *error) {
    (void)detector;
    static const char name[] = "off-brightness";
    uint32_t index; /* 0: the first component is the first number that score writes */
    return planner->component(planner->context, (picket_string){name, sizeof name - 1}, &index, error);
}

static double brightness(const picket_tensor *row) {
    double sum = 0;
    for (size_t i = 0; i < row->count; i++) sum += row->data[i];
    return sum / (double)row->count;
}

static picket_status score(
    const picket_detector *detector, const picket_evidence *evidence, double *components, size_t count,
    picket_error *error) {
    if (count != 1) return fail(error, PICKET_FAILED, "expected one component");
    components[0] = fabs(brightness(&evidence->input) - detector->clean_mean);
    return PICKET_OK;
}

static picket_status fit(
    const picket_detector *detector, const picket_fit_set *clean, const picket_state_sink *sink, picket_error *error) {
    (void)detector;
    double sum = 0;
    for (size_t i = 0; i < clean->row_count; i++) {
        picket_evidence evidence = {.struct_size = sizeof evidence};
        const picket_status status = clean->row(clean->context, i, &evidence, error);
        if (status != PICKET_OK) return status;
        sum += brightness(&evidence.input);
    }
    const double mean = sum / (double)clean->row_count;
    return sink->write(sink->context, (picket_bytes){&mean, sizeof mean}, error);
}

static const picket_plugin table = {
    .magic = PICKET_ABI_MAGIC,
    .abi_major = PICKET_ABI_MAJOR,
    .abi_minor = PICKET_ABI_MINOR,
    .struct_size = sizeof(picket_plugin),
    .name = "brightness",
    .version = "1.0.0",
    .create = create,
    .destroy = destroy,
    .plan = plan,
    .score = score,
    .fit = fit,
};

__attribute__((visibility("default"))) const picket_plugin *picket_plugin_entry(void);
const picket_plugin *picket_plugin_entry(void) { return &table; }
