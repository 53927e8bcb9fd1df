// A bounded reader of untrusted JSON over simdjson's on-demand front end.
//
// It turns a document into a flat array of nodes, and leaves the one kind of value that may be huge, the numbers of a
// tensor, where it stands: such a value becomes a *deferred* node, whose numbers `picket_json_fill` parses straight
// into the tensor's memory once its type and shape are known to be wanted.
//
// Bounds: nodes, depth and string bytes by the caller's limits; simdjson's index takes at most 4 bytes a byte of text
// while the reader lives, and its string buffer 5/3 of it, touched only as far as strings are read. No C++ exception
// leaves this interface. A reader belongs to one thread at a time.
#ifndef PICKET_JSON_H
#define PICKET_JSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes that must be readable (of any value) behind the text.
#define PICKET_JSON_PADDING 64

/// Bytes of the text kept beside a fault.
#define PICKET_JSON_EXCERPT 32

typedef enum {
    PICKET_JSON_NULL = 0,
    PICKET_JSON_BOOL = 1,
    PICKET_JSON_INT64 = 2,
    /// An integer beyond int64.
    PICKET_JSON_UINT64 = 3,
    PICKET_JSON_DOUBLE = 4,
    PICKET_JSON_STRING = 5,
    PICKET_JSON_ARRAY = 6,
    /// Its children are keys (strings) and values in turn; no key comes twice.
    PICKET_JSON_OBJECT = 7,
    /// An array that has been stepped over; its brackets balance, nothing else is known of it.
    PICKET_JSON_DEFERRED = 8,
} picket_json_kind;

typedef struct {
    uint32_t kind;
    /// Index of the first node behind this one and all that is in it.
    uint32_t next;
    /// Strings: where the bytes begin in `picket_json_strings`. Deferred: where the value begins in the text.
    uint64_t start;
    /// Bytes of the string or of the deferred value.
    uint64_t length;
    /// Of the kind's type; bool is 0 or 1 in `integer`.
    union {
        int64_t integer;
        uint64_t natural;
        double real;
    } value;
} picket_json_node;

typedef enum {
    PICKET_JSON_OK = 0,
    /// The text is not JSON.
    PICKET_JSON_MALFORMED = 1,
    /// The text is not UTF-8.
    PICKET_JSON_NOT_UTF8 = 2,
    /// The document is not an object.
    PICKET_JSON_NOT_AN_OBJECT = 3,
    PICKET_JSON_TOO_DEEP = 4,
    PICKET_JSON_TOO_MANY_VALUES = 5,
    PICKET_JSON_TOO_MUCH_TEXT = 6,
    /// An object names a key twice; the excerpt is the key.
    PICKET_JSON_DUPLICATE_KEY = 7,
    /// A number that neither 64 bits nor a double holds; from fill: not in the element type's range.
    PICKET_JSON_OUT_OF_RANGE = 8,
    PICKET_JSON_TRAILING_CONTENT = 9,
    PICKET_JSON_OUT_OF_MEMORY = 10,
    /// From fill: an element is of another kind than the type wants (a string, `null`, `1.5` for an integer).
    PICKET_JSON_WRONG_KIND = 11,
    /// From fill: `found` elements (or at least that many) on `axis`, `expected` by the shape.
    PICKET_JSON_WRONG_COUNT = 12,
    /// From fill: a number where an array of `axis` should be, or an array where a number should be.
    PICKET_JSON_WRONG_NESTING = 13,
} picket_json_status;

typedef struct {
    picket_json_status status;
    /// Where in the text, as near as the parser knows; 0 from fill where `excerpt` holds the element itself.
    uint64_t offset;
    /// From fill: the flat index of the element.
    uint64_t element;
    /// From fill, wrong count or nesting: the axis; -1 for a flat array.
    int64_t axis;
    uint64_t found;
    uint64_t expected;
    /// The text at fault, cut off, not terminated; may end within a UTF-8 sequence.
    uint32_t excerpt_length;
    char excerpt[PICKET_JSON_EXCERPT];
} picket_json_fault;

typedef struct {
    uint32_t depth;
    uint32_t nodes;
    uint64_t string_bytes;
} picket_json_limits;

/// Element types that a deferred value can be parsed into; memory is in the machine's byte order.
typedef enum {
    PICKET_JSON_ELEMENT_BOOL = 0,
    PICKET_JSON_ELEMENT_UINT8 = 1,
    PICKET_JSON_ELEMENT_UINT16 = 2,
    PICKET_JSON_ELEMENT_UINT32 = 3,
    PICKET_JSON_ELEMENT_UINT64 = 4,
    PICKET_JSON_ELEMENT_INT8 = 5,
    PICKET_JSON_ELEMENT_INT16 = 6,
    PICKET_JSON_ELEMENT_INT32 = 7,
    PICKET_JSON_ELEMENT_INT64 = 8,
    PICKET_JSON_ELEMENT_FLOAT32 = 9,
    PICKET_JSON_ELEMENT_FLOAT64 = 10,
} picket_json_element;

typedef struct picket_json picket_json;

/// Reads a document whose root is an object.
///
/// Arrays under the key `deferred_key` of an object that lies `deferred_depth` levels deep (the root is 1) become
/// deferred nodes; NULL defers nothing. `text` has `length` bytes of JSON and PICKET_JSON_PADDING readable ones
/// behind them, stays unchanged, and outlives the reader. NULL on a fault, which then says why.
picket_json *picket_json_open(const char *text, size_t length, const char *deferred_key, uint32_t deferred_depth,
                              picket_json_limits limits, picket_json_fault *fault);

/// The nodes in document order; the first is the root. They live as long as the reader.
const picket_json_node *picket_json_nodes(const picket_json *reader, size_t *count);

/// The bytes of all strings, unescaped, valid UTF-8 each. They live as long as the reader.
const char *picket_json_strings(const picket_json *reader, size_t *count);

/// Parses the numbers (or booleans) of a deferred node in row-major order into `destination`, which has room for
/// exactly the product of the `rank` extents, `expected` elements, and is aligned for the type.
///
/// The value is one flat array of them all, or arrays nested as the extents say. Writes no further than it has room,
/// whatever the text holds; what it has written before a fault has no meaning.
picket_json_status picket_json_fill(picket_json *reader, uint32_t node, picket_json_element type,
                                    const int64_t *extents, uint32_t rank, uint64_t expected, void *destination,
                                    picket_json_fault *fault);

void picket_json_close(picket_json *reader);

#ifdef __cplusplus
}
#endif

#endif
