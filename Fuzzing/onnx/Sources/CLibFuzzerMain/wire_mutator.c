// Mutations that keep protobuf's framing: a field somewhere in the tree is changed, doubled, dropped, or replaced by a
// field of the same tag from another place or another input, and the lengths around it are written anew. Bytes changed
// at random mostly end at the scanner; these get as far as the operators.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(
    const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size, uint8_t *out, size_t max_size,
    unsigned seed
);

enum { max_depth = 16, max_fields = 4096, max_value = 1 << 16 };

typedef struct {
    size_t start, value, end;
    uint64_t tag;
} field_t;

// A field, and the length prefixes of the messages around it, outermost first.
typedef struct {
    field_t field;
    size_t depth;
    size_t length_start[max_depth], payload[max_depth];
} place_t;

static uint64_t state;

static uint64_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static size_t below(size_t bound) {
    return bound ? next_random() % bound : 0;
}

static int read_varint(const uint8_t *bytes, size_t *at, size_t end, uint64_t *value) {
    *value = 0;
    for (int shift = 0; shift < 70 && *at < end; shift += 7) {
        uint8_t byte = bytes[(*at)++];
        if (shift < 64) *value |= (uint64_t) (byte & 0x7f) << shift;
        if (!(byte & 0x80)) return 1;
    }
    return 0;
}

static size_t write_varint(uint8_t *bytes, uint64_t value) {
    size_t count = 0;
    do {
        bytes[count++] = (uint8_t) ((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        value >>= 7;
    } while (value);
    return count;
}

// The next field of a message; for a delimited one `value` is where its payload begins.
static int read_field(const uint8_t *bytes, size_t *at, size_t end, field_t *field, size_t *length_start) {
    uint64_t number;
    field->start = *at;
    if (!read_varint(bytes, at, end, &field->tag) || field->tag >> 3 == 0 || field->tag >> 3 > 31) return 0;
    field->value = *length_start = *at;
    switch (field->tag & 7) {
    case 0: if (!read_varint(bytes, at, end, &number)) return 0; break;
    case 1: if (end - *at < 8) return 0; *at += 8; break;
    case 5: if (end - *at < 4) return 0; *at += 4; break;
    case 2:
        if (!read_varint(bytes, at, end, &number) || number > end - *at) return 0;
        field->value = *at;
        *at += number;
        break;
    default: return 0;
    }
    field->end = *at;
    return 1;
}

static size_t list_fields(
    const uint8_t *bytes, size_t begin, size_t end, field_t *fields, size_t *length_starts, size_t max
) {
    size_t count = 0, at = begin;
    while (at < end) {
        if (count == max || !read_field(bytes, &at, end, &fields[count], &length_starts[count])) return 0;
        count++;
    }
    return count;
}

// A random field, at a random depth.
static int choose(const uint8_t *bytes, size_t size, place_t *place) {
    static field_t fields[max_fields];
    static size_t length_starts[max_fields];
    size_t begin = 0, end = size;
    place->depth = 0;
    while (1) {
        size_t count = list_fields(bytes, begin, end, fields, length_starts, max_fields);
        if (count == 0) return place->depth > 0;
        size_t chosen = below(count);
        place->field = fields[chosen];
        if ((place->field.tag & 7) != 2 || place->depth == max_depth - 1 || below(8) == 0) return 1;
        size_t inner_begin = place->field.value, inner_end = place->field.end;
        if (list_fields(bytes, inner_begin, inner_end, fields, length_starts, max_fields) == 0) return 1;
        // The first list was overwritten; where the length stands follows from the field.
        size_t at = place->field.start;
        uint64_t tag;
        read_varint(bytes, &at, end, &tag);
        place->length_start[place->depth] = at;
        place->payload[place->depth] = inner_begin;
        place->depth++;
        begin = inner_begin;
        end = inner_end;
    }
}

// Replaces [begin, end) and writes the lengths around it anew; 0 where it does not fit.
static size_t splice(
    uint8_t *bytes, size_t size, size_t max_size, const place_t *place, size_t begin, size_t end, const uint8_t *with,
    size_t count
) {
    if (size - (end - begin) + count + 10 * max_depth > max_size) return 0;
    size_t ends[max_depth];
    for (size_t level = 0; level < place->depth; level++) {
        size_t at = place->length_start[level];
        uint64_t length;
        read_varint(bytes, &at, size, &length);
        ends[level] = place->payload[level] + length;
    }
    memmove(bytes + begin + count, bytes + end, size - end);
    memcpy(bytes + begin, with, count);
    long grown = (long) count - (long) (end - begin);
    size += grown;
    for (size_t level = place->depth; level-- > 0;) {
        size_t payload = place->payload[level], start = place->length_start[level];
        uint8_t prefix[10];
        size_t prefix_size = write_varint(prefix, ends[level] + grown - payload);
        memmove(bytes + start + prefix_size, bytes + payload, size - payload);
        memcpy(bytes + start, prefix, prefix_size);
        long wider = (long) prefix_size - (long) (payload - start);
        size += wider;
        grown += wider;
    }
    return size;
}

static uint64_t number(uint64_t old) {
    static const uint64_t known[] = {
        0, 1, 2, 3, 4, 7, 8, 15, 16, 64, 255, 256, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff, 1ull << 40,
        1ull << 62, INT64_MAX, 1ull << 63, UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - 7,
    };
    switch (below(4)) {
    case 0: return old + 1;
    case 1: return old - 1;
    case 2: return below(20);
    default: return known[below(sizeof known / sizeof *known)];
    }
}

static uint32_t float_bits(void) {
    static const float known[] = {0, -0.f, 1, -1, 0.5f, 2, 3, 1e-45f, 1e30f, -1e30f, 3e9f, 1e-10f, 1e19f};
    static const uint32_t odd[] = {0x7f800000, 0xff800000, 0x7fc00000};
    size_t chosen = below(16);
    if (chosen >= 13) return odd[chosen - 13];
    uint32_t bits;
    memcpy(&bits, &known[chosen], 4);
    return bits;
}

// Changes elements of raw data, as 4 or 8 byte numbers.
static void change_raw(uint8_t *bytes, size_t size) {
    for (size_t count = 1 + below(3); count > 0; count--) {
        if (below(2) && size >= 8) {
            uint64_t value, *old = &value;
            size_t at = below(size / 8) * 8;
            memcpy(old, bytes + at, 8);
            value = number(value);
            memcpy(bytes + at, &value, 8);
        } else if (size >= 4) {
            uint32_t bits = float_bits();
            memcpy(bytes + below(size / 4) * 4, &bits, 4);
        } else if (size > 0) {
            bytes[below(size)] = (uint8_t) number(0);
        }
    }
}

static size_t change(uint8_t *bytes, size_t size, size_t max_size, const place_t *place) {
    static uint8_t value[max_value];
    field_t field = place->field;
    size_t count = 0;
    switch (field.tag & 7) {
    case 0: {
        size_t at = field.value;
        uint64_t old;
        read_varint(bytes, &at, size, &old);
        count = write_varint(value, number(old));
        return splice(bytes, size, max_size, place, field.value, field.end, value, count);
    }
    case 5: {
        uint32_t bits = float_bits();
        memcpy(bytes + field.value, &bits, 4);
        return size;
    }
    case 1: return size;
    }
    size_t length = field.end - field.value;
    if (length > max_value / 2) return 0;
    if (below(2)) {
        change_raw(bytes + field.value, length);
        return size;
    }
    memcpy(value + 32, bytes + field.value, length);
    length = LLVMFuzzerMutate(value + 32, length, max_value / 2);
    uint8_t prefix[20];
    size_t prefix_size = write_varint(prefix, field.tag);
    prefix_size += write_varint(prefix + prefix_size, length);
    memcpy(value + 32 - prefix_size, prefix, prefix_size);
    return splice(
        bytes, size, max_size, place, field.start, field.end, value + 32 - prefix_size, prefix_size + length
    );
}

// Puts a field of the same tag from `source` in place of, or behind, the chosen one.
static size_t graft(
    uint8_t *bytes, size_t size, size_t max_size, const place_t *place, const uint8_t *source, size_t source_size
) {
    static uint8_t copy[max_value];
    for (int attempt = 0; attempt < 32; attempt++) {
        place_t other;
        if (!choose(source, source_size, &other) || other.field.tag != place->field.tag) continue;
        size_t count = other.field.end - other.field.start;
        if (count > max_value) return 0;
        memcpy(copy, source + other.field.start, count);
        size_t begin = below(3) == 0 ? place->field.end : place->field.start;
        return splice(bytes, size, max_size, place, begin, place->field.end, copy, count);
    }
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max_size, unsigned seed) {
    state = ((uint64_t) seed << 20) | 0x9e3779b97f4a7c15ull;
    next_random();
    if (below(16) == 0) return LLVMFuzzerMutate(bytes, size, max_size);
    for (size_t count = 1 + below(3); count > 0; count--) {
        place_t place;
        if (!choose(bytes, size, &place)) return LLVMFuzzerMutate(bytes, size, max_size);
        size_t changed = 0;
        switch (below(10)) {
        case 0:
            changed = splice(bytes, size, max_size, &place, place.field.start, place.field.end, bytes, 0);
            break;
        case 1: case 2: case 3:
            changed = graft(bytes, size, max_size, &place, bytes, size);
            break;
        default:
            changed = change(bytes, size, max_size, &place);
        }
        if (changed) size = changed;
    }
    return size;
}

size_t LLVMFuzzerCustomCrossOver(
    const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size, uint8_t *out, size_t max_size,
    unsigned seed
) {
    state = ((uint64_t) seed << 20) | 0x9e3779b97f4a7c15ull;
    next_random();
    if (first_size > max_size) return 0;
    memcpy(out, first, first_size);
    size_t size = first_size;
    for (size_t count = 1 + below(4); count > 0; count--) {
        place_t place;
        if (!choose(out, size, &place)) return size;
        size_t changed = graft(out, size, max_size, &place, second, second_size);
        if (changed) size = changed;
    }
    return size;
}
