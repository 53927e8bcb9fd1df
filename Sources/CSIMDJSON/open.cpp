// Reading the document into nodes.
#include "reader.hpp"

#include <cstring>
#include <memory>
#include <utility>

using namespace simdjson;

namespace {

std::string_view trimmed(std::string_view token) {
    while (!token.empty() && std::strchr(" \t\r\n", token.back()) != nullptr) token.remove_suffix(1);
    return token;
}

/// One walk over a document. Every member returns false once the fault is set.
class Walk {
public:
    Walk(picket_json &reader, ondemand::document &document, const char *deferred_key, uint32_t deferred_depth,
         picket_json_limits limits, picket_json_fault &fault)
        : reader(reader), document(document), deferred_key(deferred_key == nullptr ? "" : deferred_key),
          deferred_depth(deferred_key == nullptr ? 0 : deferred_depth), limits(limits), fault(fault) {}

    bool root() {
        ondemand::json_type type;
        if (!check(document.type().get(type))) return false;
        if (type != ondemand::json_type::object) return fail(PICKET_JSON_NOT_AN_OBJECT);
        ondemand::object object;
        if (!check(document.get_object().get(object)) || !members(object, 1)) return false;
        const char *rest = nullptr;
        if (document.current_location().get(rest) != OUT_OF_BOUNDS) return fail(PICKET_JSON_TRAILING_CONTENT);
        return true;
    }

private:
    bool fail(picket_json_status status) {
        picket::set_location(fault, document, reader);
        fault.status = status;
        return false;
    }

    bool check(error_code error) { return error == SUCCESS || fail(picket::status_of(error)); }

    /// The index of a new node, or -1.
    int64_t append(picket_json_kind kind) {
        if (reader.nodes.size() >= limits.nodes) {
            fail(PICKET_JSON_TOO_MANY_VALUES);
            return -1;
        }
        picket_json_node node = {};
        node.kind = kind;
        node.next = static_cast<uint32_t>(reader.nodes.size() + 1);
        reader.nodes.push_back(node);
        return static_cast<int64_t>(reader.nodes.size() - 1);
    }

    void close(int64_t index) { reader.nodes[index].next = static_cast<uint32_t>(reader.nodes.size()); }

    bool string(std::string_view text) {
        if (text.size() > limits.string_bytes - reader.strings.size()) return fail(PICKET_JSON_TOO_MUCH_TEXT);
        int64_t index = append(PICKET_JSON_STRING);
        if (index < 0) return false;
        reader.nodes[index].start = reader.strings.size();
        reader.nodes[index].length = text.size();
        reader.strings.append(text);
        return true;
    }

    bool is_duplicate(int64_t object, std::string_view key) {
        // Objects that requests hold have a handful of members, and `limits.nodes` bounds the square.
        for (uint32_t at = static_cast<uint32_t>(object) + 1; at < reader.nodes.size();) {
            const picket_json_node &known = reader.nodes[at];
            if (std::string_view(reader.strings).substr(known.start, known.length) == key) return true;
            at = reader.nodes[at + 1].next;
        }
        return false;
    }

    bool members(ondemand::object &object, uint32_t depth) {
        if (depth > limits.depth) return fail(PICKET_JSON_TOO_DEEP);
        int64_t index = append(PICKET_JSON_OBJECT);
        if (index < 0) return false;
        for (auto item : object) {
            ondemand::field field;
            if (!check(std::move(item).get(field))) return false;
            std::string_view key;
            if (!check(field.unescaped_key().get(key))) return false;
            if (is_duplicate(index, key)) {
                fail(PICKET_JSON_DUPLICATE_KEY);
                picket::set_excerpt(fault, key);
                return false;
            }
            if (!string(key)) return false;
            ondemand::value member = field.value();
            bool deferring = depth == deferred_depth && key == deferred_key;
            if (!value(member, depth + 1, deferring)) return false;
        }
        close(index);
        return true;
    }

    bool elements(ondemand::array &array, uint32_t depth) {
        if (depth > limits.depth) return fail(PICKET_JSON_TOO_DEEP);
        int64_t index = append(PICKET_JSON_ARRAY);
        if (index < 0) return false;
        for (auto item : array) {
            ondemand::value element;
            if (!check(std::move(item).get(element)) || !value(element, depth + 1, false)) return false;
        }
        close(index);
        return true;
    }

    bool deferred(ondemand::array &array) {
        int64_t index = append(PICKET_JSON_DEFERRED);
        if (index < 0) return false;
        std::string_view span;
        if (!check(array.raw_json().get(span))) return false;
        // The span ends where the next token begins, which behind the last one may lie outside the text.
        size_t start = static_cast<size_t>(span.data() - reader.text);
        if (start > reader.length) return fail(PICKET_JSON_MALFORMED);
        reader.nodes[index].start = start;
        reader.nodes[index].length = trimmed(span.substr(0, reader.length - start)).size();
        return true;
    }

    bool number(ondemand::value &value) {
        ondemand::number number;
        error_code error = value.get_number().get(number);
        if (error != SUCCESS) {
            std::string_view token = trimmed(value.raw_json_token());
            fail(picket::is_number(token) ? PICKET_JSON_OUT_OF_RANGE : PICKET_JSON_MALFORMED);
            picket::set_excerpt(fault, token);
            return false;
        }
        int64_t index = append(PICKET_JSON_DOUBLE);
        if (index < 0) return false;
        picket_json_node &node = reader.nodes[index];
        switch (number.get_number_type()) {
            case ondemand::number_type::signed_integer:
                node.kind = PICKET_JSON_INT64;
                node.value.integer = number.get_int64();
                break;
            case ondemand::number_type::unsigned_integer:
                node.kind = PICKET_JSON_UINT64;
                node.value.natural = number.get_uint64();
                break;
            case ondemand::number_type::floating_point_number:
                node.value.real = number.get_double();
                break;
        }
        return true;
    }

    bool value(ondemand::value &value, uint32_t depth, bool deferring) {
        ondemand::json_type type;
        if (!check(value.type().get(type))) return false;
        switch (type) {
            case ondemand::json_type::object: {
                ondemand::object object;
                return check(value.get_object().get(object)) && members(object, depth);
            }
            case ondemand::json_type::array: {
                ondemand::array array;
                if (!check(value.get_array().get(array))) return false;
                return deferring ? deferred(array) : elements(array, depth);
            }
            case ondemand::json_type::string: {
                std::string_view text;
                return check(value.get_string().get(text)) && string(text);
            }
            case ondemand::json_type::number: return number(value);
            case ondemand::json_type::boolean: {
                bool flag = false;
                if (!check(value.get_bool().get(flag))) return false;
                int64_t index = append(PICKET_JSON_BOOL);
                if (index >= 0) reader.nodes[index].value.integer = flag ? 1 : 0;
                return index >= 0;
            }
            case ondemand::json_type::null: {
                bool null = false;
                if (!check(value.is_null().get(null))) return false;
                return null ? append(PICKET_JSON_NULL) >= 0 : fail(PICKET_JSON_MALFORMED);
            }
        }
        return fail(PICKET_JSON_MALFORMED);
    }

    picket_json &reader;
    ondemand::document &document;
    std::string_view deferred_key;
    uint32_t deferred_depth;
    picket_json_limits limits;
    picket_json_fault &fault;
};

}  // namespace

extern "C" picket_json *picket_json_open(const char *text, size_t length, const char *deferred_key,
                                         uint32_t deferred_depth, picket_json_limits limits,
                                         picket_json_fault *fault) {
    *fault = picket_json_fault{};
    try {
        auto reader = std::make_unique<picket_json>();
        reader->text = text;
        reader->length = length;
        ondemand::document document;
        error_code error =
            reader->parser.iterate(padded_string_view(text, length, length + PICKET_JSON_PADDING)).get(document);
        if (error != SUCCESS) {
            fault->status = picket::status_of(error);
            fault->offset = error == EMPTY ? 0 : length;
            return nullptr;
        }
        Walk walk(*reader, document, deferred_key, deferred_depth, limits, *fault);
        return walk.root() ? reader.release() : nullptr;
    } catch (...) {
        // Only allocation throws here.
        fault->status = PICKET_JSON_OUT_OF_MEMORY;
        return nullptr;
    }
}

extern "C" const picket_json_node *picket_json_nodes(const picket_json *reader, size_t *count) {
    *count = reader->nodes.size();
    return reader->nodes.data();
}

extern "C" const char *picket_json_strings(const picket_json *reader, size_t *count) {
    *count = reader->strings.size();
    return reader->strings.data();
}

extern "C" void picket_json_close(picket_json *reader) { delete reader; }
