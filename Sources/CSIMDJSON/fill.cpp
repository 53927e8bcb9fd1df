// Parsing the numbers of a deferred value into a tensor's memory.
#include "reader.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

using namespace simdjson;

namespace {

/// Reads one element, or says why not; simdjson's faults are told apart afterwards, from the token.
template <typename Element>
picket_json_status parse(ondemand::value &value, Element &element) {
    if constexpr (std::is_same_v<Element, bool>) {
        bool flag = false;
        if (value.get_bool().get(flag) != SUCCESS) return PICKET_JSON_WRONG_KIND;
        element = flag;
    } else if constexpr (std::is_floating_point_v<Element>) {
        double number = 0;
        if (value.get_double().get(number) != SUCCESS) return PICKET_JSON_WRONG_KIND;
        element = static_cast<Element>(number);
        if (!std::isfinite(element)) return PICKET_JSON_OUT_OF_RANGE;
    } else if constexpr (std::is_same_v<Element, uint64_t>) {
        if (value.get_uint64().get(element) != SUCCESS) return PICKET_JSON_WRONG_KIND;
    } else {
        int64_t number = 0;
        if (value.get_int64().get(number) != SUCCESS) return PICKET_JSON_WRONG_KIND;
        if (number < static_cast<int64_t>(std::numeric_limits<Element>::min()) ||
            number > static_cast<int64_t>(std::numeric_limits<Element>::max())) {
            return PICKET_JSON_OUT_OF_RANGE;
        }
        element = static_cast<Element>(number);
    }
    return PICKET_JSON_OK;
}

template <typename Element>
class Filling {
public:
    Filling(const int64_t *extents, uint32_t rank, uint64_t expected, Element *destination, picket_json_fault &fault)
        : extents(extents), rank(rank), expected(expected), destination(destination), fault(fault) {}

    bool root(ondemand::array &array) {
        // What the first element is decides: a number means one flat array of them all.
        for (auto item : array) {
            ondemand::value value;
            if (!checked(std::move(item).get(value))) return false;
            ondemand::json_type type;
            if (!checked(value.type().get(type))) return false;
            if (!begun) {
                begun = true;
                flat = type != ondemand::json_type::array || rank <= 1;
            }
            if (!flat && rows == static_cast<uint64_t>(extents[0])) return miscounted(0, rows + 1, extents[0]);
            if (!(flat ? scalar(value, type, -1) : row(value, type, 0))) return false;
            rows += 1;
        }
        if (flat || !begun) return filled == expected || miscounted(-1, filled, expected);
        return rows == static_cast<uint64_t>(extents[0]) || miscounted(0, rows, extents[0]);
    }

private:
    bool fail(picket_json_status status, int64_t axis) {
        fault.status = status;
        fault.element = filled;
        fault.axis = axis;
        return false;
    }

    bool checked(error_code error) { return error == SUCCESS || fail(picket::status_of(error), -1); }

    bool miscounted(int64_t axis, uint64_t found, uint64_t wanted) {
        fault.found = found;
        fault.expected = wanted;
        return fail(PICKET_JSON_WRONG_COUNT, axis);
    }

    bool scalar(ondemand::value &value, ondemand::json_type type, int64_t axis) {
        if (type == ondemand::json_type::array) return fail(PICKET_JSON_WRONG_NESTING, axis);
        if (filled == expected) return miscounted(-1, filled + 1, expected);
        picket_json_status status = parse(value, destination[filled]);
        if (status != PICKET_JSON_OK) {
            std::string_view token = value.raw_json_token();
            while (!token.empty() && std::strchr(" \t\r\n", token.back()) != nullptr) token.remove_suffix(1);
            picket::set_excerpt(fault, token);
            return fail(refined(status, type, token), axis);
        }
        filled += 1;
        return true;
    }

    /// A number that its own grammar allows is out of range, or no integer; other bytes are of another kind or no JSON.
    static picket_json_status refined(picket_json_status status, ondemand::json_type type, std::string_view token) {
        if (status != PICKET_JSON_WRONG_KIND || type != ondemand::json_type::number || std::is_same_v<Element, bool>) {
            return status;
        }
        if (!picket::is_number(token)) return PICKET_JSON_MALFORMED;
        bool integral = token.find_first_of(".eE") == std::string_view::npos;
        return integral || std::is_floating_point_v<Element> ? PICKET_JSON_OUT_OF_RANGE : PICKET_JSON_WRONG_KIND;
    }

    /// `value` is one step along `axis`: an array over the axis below.
    bool row(ondemand::value &value, ondemand::json_type type, uint32_t axis) {
        if (axis + 1 == rank) return scalar(value, type, axis);
        if (type != ondemand::json_type::array) return fail(PICKET_JSON_WRONG_NESTING, axis);
        ondemand::array array;
        if (!checked(value.get_array().get(array))) return false;
        uint64_t count = 0;
        uint64_t wanted = static_cast<uint64_t>(extents[axis + 1]);
        for (auto item : array) {
            ondemand::value element;
            if (!checked(std::move(item).get(element))) return false;
            if (count == wanted) return miscounted(axis + 1, count + 1, wanted);
            ondemand::json_type kind;
            if (!checked(element.type().get(kind)) || !row(element, kind, axis + 1)) return false;
            count += 1;
        }
        return count == wanted || miscounted(axis + 1, count, wanted);
    }

    const int64_t *extents;
    uint32_t rank;
    uint64_t expected;
    Element *destination;
    picket_json_fault &fault;
    uint64_t filled = 0;
    uint64_t rows = 0;
    bool begun = false;
    bool flat = true;
};

template <typename Element>
bool fill(ondemand::array &array, const int64_t *extents, uint32_t rank, uint64_t expected, void *destination,
          picket_json_fault &fault) {
    return Filling<Element>(extents, rank, expected, static_cast<Element *>(destination), fault).root(array);
}

bool dispatch(picket_json_element type, ondemand::array &array, const int64_t *extents, uint32_t rank,
              uint64_t expected, void *destination, picket_json_fault &fault) {
    static_assert(sizeof(bool) == 1, "a boolean tensor has a byte for each element");
    switch (type) {
        case PICKET_JSON_ELEMENT_BOOL: return fill<bool>(array, extents, rank, expected, destination, fault);
        case PICKET_JSON_ELEMENT_UINT8: return fill<uint8_t>(array, extents, rank, expected, destination, fault);
        case PICKET_JSON_ELEMENT_UINT16: return fill<uint16_t>(array, extents, rank, expected, destination, fault);
        case PICKET_JSON_ELEMENT_UINT32: return fill<uint32_t>(array, extents, rank, expected, destination, fault);
        case PICKET_JSON_ELEMENT_UINT64: return fill<uint64_t>(array, extents, rank, expected, destination, fault);
        case PICKET_JSON_ELEMENT_INT8: return fill<int8_t>(array, extents, rank, expected, destination, fault);
        case PICKET_JSON_ELEMENT_INT16: return fill<int16_t>(array, extents, rank, expected, destination, fault);
        case PICKET_JSON_ELEMENT_INT32: return fill<int32_t>(array, extents, rank, expected, destination, fault);
        case PICKET_JSON_ELEMENT_INT64: return fill<int64_t>(array, extents, rank, expected, destination, fault);
        case PICKET_JSON_ELEMENT_FLOAT32: return fill<float>(array, extents, rank, expected, destination, fault);
        case PICKET_JSON_ELEMENT_FLOAT64: return fill<double>(array, extents, rank, expected, destination, fault);
    }
    fault.status = PICKET_JSON_WRONG_KIND;
    return false;
}

}  // namespace

extern "C" picket_json_status picket_json_fill(picket_json *reader, uint32_t node, picket_json_element type,
                                               const int64_t *extents, uint32_t rank, uint64_t expected,
                                               void *destination, picket_json_fault *fault) {
    *fault = picket_json_fault{};
    if (node >= reader->nodes.size() || reader->nodes[node].kind != PICKET_JSON_DEFERRED) {
        return fault->status = PICKET_JSON_WRONG_KIND;
    }
    try {
        const picket_json_node &deferred = reader->nodes[node];
        const char *text = reader->text + deferred.start;
        size_t readable = reader->length - deferred.start + PICKET_JSON_PADDING;
        // The parser's own buffers serve again: the nodes keep no pointer into them.
        ondemand::document document;
        error_code error =
            reader->parser.iterate(padded_string_view(text, deferred.length, readable)).get(document);
        ondemand::array array;
        if (error == SUCCESS) error = document.get_array().get(array);
        if (error != SUCCESS) {
            fault->status = picket::status_of(error);
            fault->offset = deferred.start;
            return fault->status;
        }
        if (!dispatch(type, array, extents, rank, expected, destination, *fault)) {
            // An element's own token says more than the place behind it.
            if (fault->excerpt_length == 0) picket::set_location(*fault, document, *reader);
            return fault->status;
        }
        const char *rest = nullptr;
        if (document.current_location().get(rest) != OUT_OF_BOUNDS) {
            picket::set_location(*fault, document, *reader);
            return fault->status = PICKET_JSON_MALFORMED;
        }
        return PICKET_JSON_OK;
    } catch (...) {
        // Only allocation throws here.
        return fault->status = PICKET_JSON_OUT_OF_MEMORY;
    }
}
