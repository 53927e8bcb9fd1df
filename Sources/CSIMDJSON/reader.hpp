// What the two halves of the reader share; not part of its interface.
#ifndef PICKET_JSON_READER_HPP
#define PICKET_JSON_READER_HPP

#include "picket_json.h"

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

struct picket_json {
    const char *text;
    size_t length;
    simdjson::ondemand::parser parser;
    std::vector<picket_json_node> nodes;
    std::string strings;
};

namespace picket {

/// The status that says best what simdjson found.
picket_json_status status_of(simdjson::error_code error);

/// Copies as much of `text` as an excerpt holds.
void set_excerpt(picket_json_fault &fault, std::string_view text);

/// Notes where the parser of `document` stands, as an offset into the reader's text, and what is written there.
void set_location(picket_json_fault &fault, simdjson::ondemand::document &document, const picket_json &reader);

/// Whether the token is a well-formed JSON number: what simdjson then refuses, it refuses for its size.
bool is_number(std::string_view token);

}  // namespace picket

#endif
