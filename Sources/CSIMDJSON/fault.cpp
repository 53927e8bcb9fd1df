#include "reader.hpp"

#include <algorithm>
#include <cstring>

namespace picket {

picket_json_status status_of(simdjson::error_code error) {
    switch (error) {
        case simdjson::SUCCESS: return PICKET_JSON_OK;
        case simdjson::UTF8_ERROR: return PICKET_JSON_NOT_UTF8;
        case simdjson::DEPTH_ERROR: return PICKET_JSON_TOO_DEEP;
        case simdjson::MEMALLOC: return PICKET_JSON_OUT_OF_MEMORY;
        default: return PICKET_JSON_MALFORMED;
    }
}

void set_excerpt(picket_json_fault &fault, std::string_view text) {
    fault.excerpt_length = static_cast<uint32_t>(std::min<size_t>(text.size(), PICKET_JSON_EXCERPT));
    std::memcpy(fault.excerpt, text.data(), fault.excerpt_length);
}

void set_location(picket_json_fault &fault, simdjson::ondemand::document &document, const picket_json &reader) {
    const char *location = nullptr;
    // After a fault that ended the iteration, simdjson has no location: the end of the text stands for it.
    if (document.current_location().get(location) != simdjson::SUCCESS || location < reader.text ||
        location > reader.text + reader.length) {
        fault.offset = reader.length;
        return;
    }
    fault.offset = static_cast<uint64_t>(location - reader.text);
    set_excerpt(fault, std::string_view(location, reader.length - fault.offset));
}

bool is_number(std::string_view token) {
    size_t at = 0;
    auto digits = [&] {
        size_t begin = at;
        while (at < token.size() && token[at] >= '0' && token[at] <= '9') at++;
        return at - begin;
    };
    if (at < token.size() && token[at] == '-') at++;
    bool leading_zero = at < token.size() && token[at] == '0';
    size_t whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) return false;
    if (at < token.size() && token[at] == '.') {
        at++;
        if (digits() == 0) return false;
    }
    if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
        at++;
        if (at < token.size() && (token[at] == '+' || token[at] == '-')) at++;
        if (digits() == 0) return false;
    }
    return at == token.size();
}

}  // namespace picket
