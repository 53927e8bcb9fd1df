/* The binary interface between picketd and a detector plugin, version 1.0. Pure C11, nothing but C headers.
 *
 * A plugin is a shared library libpicket-NAME.so that exports one symbol, picket_plugin_entry. It is opened once
 * (RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) and never unloaded.
 *
 * Rules that hold for every call, unless the call says otherwise:
 *  - Ownership: a pointer argument belongs to the caller and is valid until the call returns. Copy what must last.
 *  - Strings are UTF-8 with a length, not NUL-terminated. Bytes and tensors need no alignment beyond their element's.
 *  - Errors: a call returns PICKET_OK, or another status after writing a sentence into `error`. It never longjmps,
 *    throws through the boundary, or exits the process. A call that fails leaves the detector usable.
 *  - Threads: create, plan, fit and destroy of one detector never overlap with any other call on it. render and
 *    score are called from any thread, for different rows at once: a detector is immutable after plan.
 *  - Growth: every table starts with its size. Members are only ever appended within a major version; look at
 *    struct_size before you read a member that a later minor version added.
 */
#ifndef PICKET_PLUGIN_H
#define PICKET_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "PICKETDT", big-endian letters in one number: the first member of the table a plugin returns. */
#define PICKET_ABI_MAGIC 0x5049434b45544454ULL
#define PICKET_ABI_MAJOR 1
#define PICKET_ABI_MINOR 0

/* How a call went. */
typedef int32_t picket_status;
#define PICKET_OK 0
/* The configuration or state handed to the plugin is wrong; the message names key, value and what was expected. */
#define PICKET_INVALID 1
/* Well formed, but not supported by this plugin or host. */
#define PICKET_UNSUPPORTED 2
/* The detector could not do its work on this row; the chain's failure policy decides what follows. */
#define PICKET_FAILED 3

/* Where a failing call writes its reason. Host-owned. Zero-terminated UTF-8; cut what does not fit. */
#define PICKET_ERROR_CAPACITY 512
typedef struct picket_error {
    char message[PICKET_ERROR_CAPACITY];
} picket_error;

typedef struct picket_string {
    const char *bytes;
    size_t length;
} picket_string;

typedef struct picket_bytes {
    const void *data; /* NULL where there are none */
    size_t length;
} picket_bytes;

#define PICKET_FLOAT32 1

/* A read-only row-major tensor. In this version every tensor that crosses the boundary is float32. */
typedef struct picket_tensor {
    int32_t element_type; /* PICKET_FLOAT32 */
    uint32_t rank;
    const int64_t *extents; /* rank of them, each at least 1 */
    const float *data;
    size_t count; /* product of the extents */
} picket_tensor;

/* The same, to be written by the callee. The memory arrives uninitialised: write every element. */
typedef struct picket_mutable_tensor {
    int32_t element_type;
    uint32_t rank;
    const int64_t *extents;
    float *data;
    size_t count;
} picket_mutable_tensor;

/* What rows are. */
#define PICKET_SUBJECT_IMAGE 1  /* planar C x H x W pixels in 0...1, whatever layout and range the model wants */
#define PICKET_SUBJECT_TENSOR 2 /* numbers as the model takes them; no picture behind them */

/* What a detector guards; handed over at creation. */
typedef struct picket_subject {
    uint32_t struct_size;
    int32_t kind;           /* PICKET_SUBJECT_… */
    uint32_t rank;          /* of one row; 3 for an image */
    const int64_t *extents; /* of one row: C, H, W for an image */
    uint32_t grid;          /* 255: every pixel is k/255 exactly; 0: no grid */
    uint32_t class_count;   /* classes of the served model */
    picket_string model;    /* name of the served model in the configuration */
} picket_subject;

/* Random numbers of one row and one variant: seeded by the host from its key, the row, the models and the variant's
 * key, so that the same row gives the same draws and nobody without the key foresees them. Valid during render only. */
typedef struct picket_generator {
    uint32_t struct_size;
    void *context;
    uint64_t (*next)(void *context); /* 64 uniform bits */
} picket_generator;

/* A node of the graph that a detector plans. */
typedef uint32_t picket_node;
#define PICKET_NODE_INPUT 0 /* the row itself */

/* The renderer needs a generator: the variant is drawn anew for every row. */
#define PICKET_VARIANT_DRAWN 1u

/* Tensors that every classifier offers beside those of its graph: the first output as class probabilities or their
 * natural logarithms, [classes], whether the model ends in logits or in probabilities (those are floored at FLT_MIN
 * before the logarithm). */
#define PICKET_PROBABILITIES "picket:probabilities"
#define PICKET_LOG_PROBABILITIES "picket:log-probabilities"

/* Handed to plan. A detector names what it needs; the host shares equal nodes between detectors and batches them.
 * Every call fails with PICKET_INVALID on a node, model, tensor or name that does not exist or does not fit. */
typedef struct picket_planner {
    uint32_t struct_size;
    void *context;

    /* A transformed copy of `source` (the input, another variant, or a tensor).
     * `key` says what it is: transform, parameters, and the draw's number where it is drawn. Equal keys on equal sources
     * are one variant, rendered once by whichever detector named it first. Bare keys ("median:2") are those that the
     * plugin guide defines; any other starts with the plugin's own name and a slash.
     * `token` comes back in render. `rank` and `extents` give its shape; rank 0 means that of the source. */
    picket_status (*variant)(
        void *context, picket_node source, picket_string key, uint64_t token, uint32_t flags, uint32_t rank,
        const int64_t *extents, picket_node *node, picket_error *error);

    /* One row's forward pass of a model of the configuration (empty name: the served model) on `source`. */
    picket_status (*run)(
        void *context, picket_node source, picket_string model, picket_node *node, picket_error *error);

    /* A tensor of a run: PICKET_PROBABILITIES, PICKET_LOG_PROBABILITIES, or a named output of the model's graph. */
    picket_status (*tensor)(
        void *context, picket_node run, picket_string name, picket_node *node, picket_error *error);

    /* Asks for a variant or tensor at score; `index` is its place in picket_evidence.tensors, counted from 0 in the
     * order of these calls. */
    picket_status (*want)(void *context, picket_node node, uint32_t *index, picket_error *error);

    /* Declares a component: a number that score gives every row, higher = more suspicious. `index` is its place,
     * counted from 0 in the order of these calls. Name: lower-case letters, digits, '-', '.', ':'; at most 64. */
    picket_status (*component)(void *context, picket_string name, uint32_t *index, picket_error *error);
} picket_planner;

/* What score and fit see of one row. */
typedef struct picket_evidence {
    uint32_t struct_size;
    picket_tensor input;           /* the row */
    const picket_tensor *tensors;  /* what plan wanted, in that order */
    size_t tensor_count;
} picket_evidence;

/* Clean rows, for fit. */
typedef struct picket_fit_set {
    uint32_t struct_size;
    void *context;
    size_t row_count;
    /* Row `index`'s evidence, valid until the next call of row on this set. */
    picket_status (*row)(void *context, size_t index, picket_evidence *evidence, picket_error *error);
    /* Row `index`'s true class, or -1 where the data set has none. */
    int64_t (*label)(void *context, size_t index);
} picket_fit_set;

/* Takes the state that fit produces; may be called repeatedly, the parts are joined. At most 256 MiB in all. */
typedef struct picket_state_sink {
    uint32_t struct_size;
    void *context;
    picket_status (*write)(void *context, picket_bytes part, picket_error *error);
} picket_state_sink;

/* The host. Outlives every detector. */
typedef struct picket_host {
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor;
    void *context;
    /* A service by id ("picket.log/1"), or NULL where this host has none of that id. Any thread. */
    const void *(*service)(void *context, const char *id);
} picket_host;

/* picket.log/1: a constant message with facts beside it, to the daemon's log. Any thread. */
#define PICKET_SERVICE_LOG "picket.log/1"
#define PICKET_LOG_DEBUG 1
#define PICKET_LOG_INFO 2
#define PICKET_LOG_WARNING 3
#define PICKET_LOG_ERROR 4
typedef struct picket_log_service {
    uint32_t struct_size;
    void *context;
    void (*log)(void *context, int32_t level, picket_string message);
} picket_log_service;

/* picket.model/1: facts about a model of the configuration. During create and plan. */
#define PICKET_SERVICE_MODEL "picket.model/1"
typedef struct picket_model_facts {
    uint32_t struct_size;
    uint32_t class_count; /* 0: not a classifier */
    uint32_t rank;        /* of one input row, in the form that plugins see (C, H, W for an image) */
    int64_t extents[16];
} picket_model_facts;
typedef struct picket_model_service {
    uint32_t struct_size;
    void *context;
    /* PICKET_INVALID where the configuration has no model of that name; the caller sets facts->struct_size. */
    picket_status (*describe)(void *context, picket_string name, picket_model_facts *facts, picket_error *error);
} picket_model_service;

/* One detector; the plugin defines what it is. */
typedef struct picket_detector picket_detector;

/* The table a plugin returns. Constant for the life of the process. */
typedef struct picket_plugin {
    uint64_t magic;     /* PICKET_ABI_MAGIC */
    uint16_t abi_major; /* that it was built against; the host refuses another major */
    uint16_t abi_minor;
    uint32_t struct_size;
    const char *name;    /* NAME of libpicket-NAME.so, zero-terminated */
    const char *version; /* of the plugin, zero-terminated; goes into the calibration */

    /* A detector from its configuration, a JSON object. `state` is what fit returned at calibration, or empty: before
     * calibration, and for a detector without fit. The plugin opens no file of its own. */
    picket_status (*create)(
        const picket_host *host, picket_string configuration, const picket_subject *subject, picket_bytes state,
        picket_detector **detector, picket_error *error);

    void (*destroy)(picket_detector *detector);

    /* Called once, right after create. The same configuration plans the same nodes every time. */
    picket_status (*plan)(picket_detector *detector, const picket_planner *planner, picket_error *error);

    /* Writes the variant that plan gave `token`. `generator` is NULL unless the variant is PICKET_VARIANT_DRAWN. NULL
     * where the plugin plans no variants. */
    picket_status (*render)(
        const picket_detector *detector, uint64_t token, const picket_tensor *source, const picket_generator *generator,
        const picket_mutable_tensor *destination, picket_error *error);

    /* Writes every declared component of one row. `count` is how many plan declared. A component that is not finite
     * counts as a failure of the detector. */
    picket_status (*score)(
        const picket_detector *detector, const picket_evidence *evidence, double *components, size_t count,
        picket_error *error);

    /* Optional (NULL): learns from clean rows, at calibration only. The state it writes comes back in create. */
    picket_status (*fit)(
        const picket_detector *detector, const picket_fit_set *clean, const picket_state_sink *sink,
        picket_error *error);

    /* Reserved for detectors that remember a peer's past rows. Must be NULL: a host of version 1.0 refuses any other. */
    void (*observe)(void);
} picket_plugin;

/* The one exported symbol: const picket_plugin *picket_plugin_entry(void); */
#define PICKET_ENTRY_SYMBOL "picket_plugin_entry"

#ifdef __cplusplus
}
#endif

#endif
