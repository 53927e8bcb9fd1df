/* A detector plugin whose behaviour is chosen when it is compiled (-DNAME -D…) and configured.
 *
 * Configuration: {"mode":"MODE"}; it is searched, not parsed. Modes:
 *   plain       one shared variant "probe-shift" of the input, run by the served model, L1 of probabilities
 *   drawn       a drawn variant "probe/noise", wanted at score: component = mean of the noise
 *   member      the served model and model "other" on the input and on the shared variant
 *   deep        variant of a variant of a model's output, run again
 *   fail-row    score fails where the first element of the row is above 0.9
 *   fail-render render fails where the first element of the row is above 0.9
 *   nan         score writes NaN
 *   garbage     plans nodes that do not exist; reports an error where the host refuses
 *   many        plans thousands of variants
 *   own-name    plans a variant under another plugin's name
 *   duplicate   declares a component twice
 *   silent      declares no component
 *   badname     declares a component with a capital letter
 *   unwanted    plans a run that nobody wants
 *   noise-text  fails creation with bytes that are no UTF-8
 *   layers      wants layer "hidden" of the served model on the shared variant, a pooled variant of it on the row, a variant
 *               of that one, and runs the served model on a layer of its own shape
 *   crossed     runs model "other" on a layer of the served model
 *   pool        wants a pooled variant of layer "hidden" alone; fails to render where the row's first element is above 0.9
 *   facts       declares two facts, and leaves the second NaN
 *   answer      gives the answer, 0.7 for the class after the row's first element in quarters, and a fact
 *   infinite-answer, wrong-answer, infinite-fact, fail-report   answers or reports what the host must refuse
 *   fact-garbage   declares facts that can't be
 *   learn       (with -DLEARNS) learns the mean of the first class's probability; score is the distance from it
 *   fail-fit    (with -DLEARNS) refuses to learn
 * Compiled against the header of version 1.0 (-I abi-1.0), it is an old binary: the modes of 1.1 are not there, and with
 * -DGUARDED its table ends where a page begins that nobody may read.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "picket_plugin.h"

#ifndef NAME
#define NAME "probe"
#endif
#ifndef PREFIX
#define PREFIX "probe"
#endif
#ifndef VERSION
#define VERSION "1.2.3"
#endif

struct picket_detector {
    char mode[32];
    uint64_t width;
    double learnt;
    int has_state;
    uint32_t wants;
};

static picket_status fail(picket_error *error, picket_status status, const char *text) {
    snprintf(error->message, sizeof error->message, "%s", text);
    return status;
}

static int is(const struct picket_detector *detector, const char *mode) { return strcmp(detector->mode, mode) == 0; }

static picket_string text(const char *bytes) { return (picket_string){bytes, strlen(bytes)}; }

static picket_status create(
    const picket_host *host, picket_string configuration, const picket_subject *subject, picket_bytes state,
    picket_detector **detector, picket_error *error) {
    const char *key = "\"mode\":\"";
    char copy[256] = {0};
    if (configuration.length >= sizeof copy) return fail(error, PICKET_INVALID, "the configuration is too long");
    memcpy(copy, configuration.bytes, configuration.length);
    char *start = strstr(copy, key);
    if (start == NULL) return fail(error, PICKET_INVALID, "key mode is missing");
    start += strlen(key);
    char *end = strchr(start, '"');
    if (end == NULL || end - start >= 32) return fail(error, PICKET_INVALID, "key mode is no short string");
    struct picket_detector *made = calloc(1, sizeof *made);
    if (made == NULL) return fail(error, PICKET_FAILED, "no memory");
    memcpy(made->mode, start, (size_t)(end - start));
    made->width = (uint64_t)subject->extents[subject->rank - 1];
    if (is(made, "noise-text")) {
        free(made);
        return fail(error, PICKET_INVALID, "bad \xff\xfe bytes\n\x1b[31m");
    }
    if (state.length == sizeof made->learnt) {
        memcpy(&made->learnt, state.data, sizeof made->learnt);
        made->has_state = 1;
    }
    const picket_log_service *log = host->service(host->context, PICKET_SERVICE_LOG);
    if (log != NULL) log->log(log->context, PICKET_LOG_INFO, text("created"));
    const picket_model_service *models = host->service(host->context, PICKET_SERVICE_MODEL);
    picket_model_facts facts = {.struct_size = sizeof facts};
    picket_error ignored;
#if PICKET_ABI_MINOR >= 1
    picket_layer_facts layer = {.struct_size = sizeof layer}, small = {.struct_size = 8};
    if (models == NULL || models->describe(models->context, subject->model, &facts, &ignored) != PICKET_OK ||
        facts.layer_count != 2 ||
        models->layer(models->context, subject->model, 2, &layer, &ignored) != PICKET_INVALID ||
        models->layer(models->context, subject->model, 4000000000u, &layer, &ignored) != PICKET_INVALID ||
        models->layer(models->context, subject->model, 0, NULL, &ignored) != PICKET_INVALID ||
        models->layer(models->context, subject->model, 0, &small, NULL) != PICKET_INVALID ||
        models->layer(models->context, text("nobody"), 0, &layer, &ignored) != PICKET_INVALID ||
        models->layer(models->context, subject->model, 0, &layer, &ignored) != PICKET_OK || layer.rank != 2 ||
        layer.extents[0] != 3 || layer.extents[1] != 4 || layer.name.length != 6 ||
        memcmp(layer.name.bytes, "hidden", 6) != 0 || layer.operator_type.length != 4 ||
        memcmp(layer.operator_type.bytes, "Relu", 4) != 0) {
        free(made);
        return fail(error, PICKET_FAILED, "the layers are not what the header says");
    }
#else
    /* What lies behind an old struct is the caller's own. */
    struct { picket_model_facts facts; uint64_t canary; } guarded = {{.struct_size = sizeof facts}, 0x5a5a5a5a5a5a5a5aULL};
    if (models != NULL &&
        (models->describe(models->context, subject->model, &guarded.facts, &ignored) != PICKET_OK ||
         guarded.canary != 0x5a5a5a5a5a5a5a5aULL)) {
        free(made);
        return fail(error, PICKET_FAILED, "the host wrote beyond an old struct");
    }
#endif
    if (models == NULL || host->service(host->context, "picket.none/1") != NULL ||
        models->describe(models->context, text("nobody"), &facts, &ignored) != PICKET_INVALID ||
        models->describe(models->context, subject->model, &facts, &ignored) != PICKET_OK ||
        facts.class_count != subject->class_count || facts.rank != subject->rank) {
        free(made);
        return fail(error, PICKET_FAILED, "the host's services are not what the header says");
    }
    *detector = made;
    return PICKET_OK;
}

static void destroy(picket_detector *detector) { free(detector); }

#define TRY(call)                          \
    do {                                   \
        picket_status status = (call);     \
        if (status != PICKET_OK) return status; \
    } while (0)

static picket_status probabilities(
    const picket_planner *p, picket_node source, const char *model, picket_error *error) {
    picket_node run, tensor;
    uint32_t index;
    TRY(p->run(p->context, source, text(model), &run, error));
    TRY(p->tensor(p->context, run, text(PICKET_PROBABILITIES), &tensor, error));
    return p->want(p->context, tensor, &index, error);
}

#if PICKET_ABI_MINOR >= 1
static picket_status plan_pool(const picket_planner *p, picket_error *error) {
    picket_node run, tensor, pool, again;
    uint32_t index;
    int64_t one[1] = {1};
    TRY(p->run(p->context, 0, text(""), &run, error));
    TRY(p->tensor(p->context, run, text("hidden"), &tensor, error));
    TRY(p->variant(p->context, tensor, text(PREFIX "/pool"), 11, 0, 1, one, &pool, error));
    TRY(p->variant(p->context, pool, text(PREFIX "/again"), 3, 0, 0, NULL, &again, error));
    TRY(p->want(p->context, pool, &index, error));
    return p->want(p->context, again, &index, error);
}

static picket_status plan_layers(const picket_planner *p, picket_error *error) {
    picket_node node, run, tensor;
    uint32_t index;
    TRY(plan_pool(p, error));
    TRY(p->variant(p->context, 0, text("probe-shift"), 1, 0, 0, NULL, &node, error));
    TRY(p->run(p->context, node, text(""), &run, error));
    TRY(p->tensor(p->context, run, text("hidden"), &tensor, error));
    TRY(p->want(p->context, tensor, &index, error));
    if (p->run(p->context, tensor, text(""), &run, error) == PICKET_OK)
        return fail(error, PICKET_FAILED, "the host runs a model on a layer that does not fit");
    TRY(p->run(p->context, 0, text(""), &run, error));
    TRY(p->tensor(p->context, run, text("same"), &tensor, error));
    return probabilities(p, tensor, "", error);
}

static picket_status plan_crossed(const picket_planner *p, picket_error *error) {
    picket_node run, tensor;
    TRY(p->run(p->context, 0, text(""), &run, error));
    TRY(p->tensor(p->context, run, text("same"), &tensor, error));
    return probabilities(p, tensor, "other", error);
}

static int reports(const struct picket_detector *detector) {
    return is(detector, "facts") || is(detector, "answer") || is(detector, "infinite-answer") ||
           is(detector, "wrong-answer") || is(detector, "infinite-fact") || is(detector, "fail-report") ||
           is(detector, "fact-garbage");
}

static picket_status plan_facts(const struct picket_detector *detector, const picket_planner *p, picket_error *error) {
    uint32_t index;
    if (is(detector, "fact-garbage")) {
        picket_error ignored;
        char name[80];
        memset(name, 'a', sizeof name);
        name[65] = 0;
        const char *bad[] = {"", "Upper", "with.dot", "with:colon", "-dash", "9digit", "flagged", "score", "verdict",
                             "record", "a b", "caf\xc3\xa9", name};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            if (p->fact(p->context, text(bad[i]), &index, &ignored) != PICKET_INVALID)
                return fail(error, PICKET_FAILED, bad[i]);
        if (p->fact(p->context, (picket_string){NULL, 4}, &index, &ignored) != PICKET_INVALID ||
            p->fact(p->context, text("fine"), NULL, &ignored) != PICKET_INVALID ||
            p->fact(NULL, text("fine"), &index, &ignored) != PICKET_INVALID ||
            p->answers(NULL, &ignored) != PICKET_INVALID)
            return fail(error, PICKET_FAILED, "the host took a fact that can't be");
        TRY(p->fact(p->context, text("fine"), &index, error));
        if (p->fact(p->context, text("fine"), &index, &ignored) != PICKET_INVALID)
            return fail(error, PICKET_FAILED, "the host took a fact twice");
        for (int number = 0; number < 100; number++) {
            snprintf(name, sizeof name, "fact-%d", number);
            TRY(p->fact(p->context, text(name), &index, error));
        }
        return PICKET_OK;
    }
    TRY(p->fact(p->context, text("certified-radius"), &index, error));
    if (index != 0) return fail(error, PICKET_FAILED, "the first fact is not at place 0");
    if (is(detector, "infinite-fact") || is(detector, "fail-report")) return PICKET_OK;
    if (is(detector, "facts")) return p->fact(p->context, text("quiet"), &index, error);
    return p->answers(p->context, error);
}
#endif

static picket_status plan(picket_detector *detector, const picket_planner *p, picket_error *error) {
    picket_node node, run, tensor;
    uint32_t index;
    if (is(detector, "silent")) return PICKET_OK;
    if (is(detector, "badname")) return p->component(p->context, text("Upper"), &index, error);
    TRY(p->component(p->context, text("first"), &index, error));
    if (is(detector, "duplicate")) return p->component(p->context, text("first"), &index, error);
#if PICKET_ABI_MINOR >= 1
    if (is(detector, "layers")) return plan_layers(p, error);
    if (is(detector, "crossed")) return plan_crossed(p, error);
    if (is(detector, "pool")) return plan_pool(p, error);
    if (reports(detector)) TRY(plan_facts(detector, p, error));
#endif
    if (is(detector, "drawn")) {
        TRY(p->variant(p->context, 0, text(PREFIX "/noise"), 7, PICKET_VARIANT_DRAWN, 0, NULL, &node, error));
        TRY(p->want(p->context, node, &index, error));
        return probabilities(p, node, "", error);
    }
    if (is(detector, "garbage")) {
        picket_error ignored;
        int64_t huge[2] = {INT64_MAX, INT64_MAX}, negative[1] = {-1}, wrong[1] = {3};
        if (p->variant(p->context, 99, text("a"), 0, 0, 0, NULL, &node, &ignored) == PICKET_OK ||
            p->variant(p->context, 0, text(""), 0, 0, 0, NULL, &node, &ignored) == PICKET_OK ||
            p->variant(p->context, 0, (picket_string){NULL, 4}, 0, 0, 0, NULL, &node, &ignored) == PICKET_OK ||
            p->variant(p->context, 0, text("a"), 0, 0, 2, huge, &node, &ignored) == PICKET_OK ||
            p->variant(p->context, 0, text("a"), 0, 0, 1, negative, &node, &ignored) == PICKET_OK ||
            p->variant(p->context, 0, text("a"), 0, 0, 1, NULL, &node, &ignored) == PICKET_OK ||
            p->variant(p->context, 0, text("a"), 0, 0, 4000000000u, huge, &node, &ignored) == PICKET_OK ||
            p->variant(p->context, 0, text("a"), 0, 64, 0, NULL, &node, &ignored) == PICKET_OK ||
            p->run(p->context, 4000000000u, text(""), &node, &ignored) == PICKET_OK ||
            p->run(p->context, 0, text("nobody"), &node, &ignored) == PICKET_OK ||
            p->tensor(p->context, 0, text(PICKET_PROBABILITIES), &node, &ignored) == PICKET_OK ||
            p->want(p->context, 0, &index, &ignored) == PICKET_OK ||
            p->want(p->context, 5, &index, &ignored) == PICKET_OK ||
            p->run(NULL, 0, text(""), &node, &ignored) == PICKET_OK ||
            p->run(p->context, 0, text(""), NULL, &ignored) == PICKET_OK)
            return fail(error, PICKET_FAILED, "the host took a node that can't be");
        TRY(p->variant(p->context, 0, text("small"), 0, 0, 1, wrong, &node, error));
        if (p->run(p->context, node, text(""), &run, &ignored) == PICKET_OK)
            return fail(error, PICKET_FAILED, "the host runs a model on rows that do not fit");
        TRY(p->run(p->context, 0, text(""), &run, error));
        if (p->variant(p->context, run, text("a"), 0, 0, 0, NULL, &node, &ignored) == PICKET_OK ||
            p->run(p->context, run, text(""), &node, &ignored) == PICKET_OK ||
            p->want(p->context, run, &index, &ignored) == PICKET_OK ||
            p->tensor(p->context, run, text("nothing"), &node, &ignored) == PICKET_OK)
            return fail(error, PICKET_FAILED, "the host took a run for a tensor");
        return fail(error, PICKET_INVALID, "everything was refused as it should be");
    }
    if (is(detector, "many")) {
        for (int number = 0; number < 5000; number++) {
            char key[32];
            snprintf(key, sizeof key, PREFIX "/%d", number);
            TRY(p->variant(p->context, 0, text(key), 0, 0, 0, NULL, &node, error));
        }
        return PICKET_OK;
    }
    if (is(detector, "own-name"))
        return p->variant(p->context, 0, text("somebody/a"), 0, 0, 0, NULL, &node, error);
    if (is(detector, "unwanted")) {
        TRY(p->variant(p->context, 0, text(PREFIX "/unwanted"), 0, 0, 0, NULL, &node, error));
        return p->run(p->context, node, text("other"), &run, error);
    }
    if (is(detector, "deep")) {
        TRY(p->run(p->context, 0, text("other"), &run, error));
        TRY(p->tensor(p->context, run, text("features"), &tensor, error));
        TRY(p->variant(p->context, tensor, text(PREFIX "/again"), 3, 0, 0, NULL, &node, error));
        TRY(p->variant(p->context, node, text(PREFIX "/twice"), 3, 0, 0, NULL, &node, error));
        TRY(p->want(p->context, node, &index, error));
        return probabilities(p, node, "", error);
    }
    TRY(p->variant(p->context, 0, text("probe-shift"), 1, 0, 0, NULL, &node, error));
    TRY(probabilities(p, 0, "", error));
    TRY(probabilities(p, node, "", error));
    if (is(detector, "member")) {
        TRY(probabilities(p, 0, "other", error));
        TRY(probabilities(p, node, "other", error));
    }
    return PICKET_OK;
}

static picket_status render(
    const picket_detector *detector, uint64_t token, const picket_tensor *source, const picket_generator *generator,
    const picket_mutable_tensor *destination, picket_error *error) {
    if (is(detector, "fail-render") && source->data[0] > 0.9f) return fail(error, PICKET_FAILED, "render says no");
    if (token == 11) {
        if (is(detector, "pool") && source->data[0] > 1.8f) return fail(error, PICKET_FAILED, "pool says no");
        destination->data[0] = 0;
        for (size_t i = 0; i < source->count; i++) destination->data[0] += source->data[i];
        return PICKET_OK;
    }
    if ((token == 7) != (generator != NULL)) return fail(error, PICKET_FAILED, "a generator where none belongs");
    for (size_t i = 0; i < destination->count; i++) {
        if (token == 7)
            destination->data[i] = (float)(generator->next(generator->context) >> 40) / 16777216.0f;
        else if (token == 3)
            destination->data[i] = source->data[i] * 0.5f;
        else
            destination->data[i] = source->data[(i + 1) % source->count];
    }
    return PICKET_OK;
}

static picket_status score(
    const picket_detector *detector, const picket_evidence *evidence, double *components, size_t count,
    picket_error *error) {
    if (is(detector, "fail-row") && evidence->input.data[0] > 0.9f) return fail(error, PICKET_FAILED, "score says no");
    double sum = 0;
    if (is(detector, "nan")) {
        sum = (double)NAN;
    } else if (is(detector, "drawn") || is(detector, "deep")) {
        for (size_t i = 0; i < evidence->tensors[0].count; i++) sum += evidence->tensors[0].data[i];
    } else if (is(detector, "unwanted")) {
        sum = 1;
    } else if (is(detector, "pool") || is(detector, "layers")) {
        for (size_t t = 0; t < evidence->tensor_count; t++)
            for (size_t i = 0; i < evidence->tensors[t].count; i++)
                sum += (double)(t + 1) * evidence->tensors[t].data[i];
    } else if (is(detector, "learn")) {
        sum = detector->has_state ? fabs(evidence->tensors[0].data[0] - detector->learnt) : 0;
    } else {
        for (size_t t = 1; t < evidence->tensor_count; t++)
            for (size_t i = 0; i < evidence->tensors[t].count; i++)
                sum += fabs((double)evidence->tensors[t].data[i] - (double)evidence->tensors[0].data[i]);
    }
    for (size_t i = 0; i < count; i++) components[i] = sum;
    return PICKET_OK;
}

#ifdef LEARNS
static picket_status fit(
    const picket_detector *detector, const picket_fit_set *clean, const picket_state_sink *sink, picket_error *error) {
    double mean = 0;
    picket_evidence evidence;
    picket_error ignored;
    if (is(detector, "fail-fit")) return fail(error, PICKET_INVALID, "fit says no");
    if (clean->row(clean->context, clean->row_count, &evidence, &ignored) == PICKET_OK)
        return fail(error, PICKET_FAILED, "the host gave a row beyond the last");
    for (size_t row = 0; row < clean->row_count; row++) {
        TRY(clean->row(clean->context, row, &evidence, error));
        mean += evidence.tensors[0].data[0] / (double)clean->row_count;
    }
    /* Backwards and labels, to leave the window of rows behind. */
    TRY(clean->row(clean->context, 0, &evidence, error));
    if (clean->label(clean->context, 0) < -1) return fail(error, PICKET_FAILED, "a label below -1");
    TRY(sink->write(sink->context, (picket_bytes){&mean, 4}, error));
    return sink->write(sink->context, (picket_bytes){(const char *)&mean + 4, 4}, error);
}
#else
#define fit NULL
#endif

#if PICKET_ABI_MINOR >= 1
static picket_status report(
    const picket_detector *detector, const picket_evidence *evidence, double *facts, size_t fact_count, float *answer,
    size_t class_count, picket_error *error) {
    if (is(detector, "fail-report")) return fail(error, PICKET_FAILED, "report says no");
    if (!isnan(facts[0])) return fail(error, PICKET_FAILED, "the facts did not arrive as NaN");
    facts[0] = is(detector, "infinite-fact") ? (double)INFINITY : evidence->input.data[0];
    if (is(detector, "facts") || is(detector, "infinite-fact"))
        return answer == NULL && class_count == 0 && fact_count == (is(detector, "facts") ? 2u : 1u)
                   ? PICKET_OK
                   : fail(error, PICKET_FAILED, "an answer was asked for that nobody planned");
    if (answer == NULL || class_count != 4 || !isnan(answer[3]))
        return fail(error, PICKET_FAILED, "no place for the answer");
    /* The first row of the tests begins with 0.95: there alone the bad modes are bad. */
    int bad = evidence->input.data[0] > 0.9f;
    for (size_t i = 0; i < class_count; i++) answer[i] = logf(0.1f);
    answer[(size_t)(evidence->input.data[0] * 4) % 4] = logf(0.7f);
    if (is(detector, "infinite-answer") && bad) answer[2] = -INFINITY;
    if (is(detector, "wrong-answer") && bad) answer[0] = 0;
    return PICKET_OK;
}
#endif
#ifdef NO_REPORT
#define REPORT NULL
#else
#define REPORT report
#endif

#ifdef OBSERVES
static void observe(void) {}
#else
#define observe NULL
#endif

#ifndef MAGIC
#define MAGIC PICKET_ABI_MAGIC
#endif
#ifndef MAJOR
#define MAJOR PICKET_ABI_MAJOR
#endif
#ifndef SIZE
#define SIZE sizeof(picket_plugin)
#endif
#ifndef SCORE
#define SCORE score
#endif

static const picket_plugin table = {
    MAGIC, MAJOR, PICKET_ABI_MINOR, SIZE, NAME, VERSION, create, destroy, plan, render, SCORE, fit, observe,
#if PICKET_ABI_MINOR >= 1
    REPORT,
#endif
};

#ifndef NO_ENTRY
const picket_plugin *picket_plugin_entry(void) {
#ifdef NO_TABLE
    return NULL;
#elif defined(GUARDED)
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED || mprotect(pages + 4096, 4096, PROT_NONE) != 0) return NULL;
    return memcpy(pages + 4096 - sizeof table, &table, sizeof table);
#else
    return &table;
#endif
}
#else
const picket_plugin *somebody_else(void) { return &table; }
#endif
