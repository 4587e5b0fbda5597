// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_events.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace chartmuseum::encoding {

namespace {

constexpr std::size_t kMaxDepth = 10'000;  // the reference's

// More %TAG directives than anybody means.
constexpr std::size_t kMaxTagDirectives = 1'000;

/// How many there seem to be, in UTF-8 or UTF-16, up to one more than that.
std::size_t tag_directives(std::string_view text) {
  using namespace std::string_view_literals;
  const bool utf_16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  const std::string_view directive = utf_16 ? "%\0T\0A\0G"sv : "%TAG"sv;
  std::size_t found = 0;
  for (std::size_t at = text.find(directive); at != std::string_view::npos;
       at = text.find(directive, at + directive.size())) {
    const auto before = static_cast<unsigned char>(at == 0 ? '\n' : text[at - 1]);
    const bool may_start_a_line = before < ' ' || before >= 0x80;
    if (may_start_a_line && ++found > kMaxTagDirectives) break;
  }
  return found;
}

}  // namespace

// For every %TAG directive libyaml visits those before it, and for every token each flow
// collection that is open. Without the budget five hostile megabytes could take minutes.
YamlEvents::YamlEvents(std::string_view text, YamlBudget& budget, std::size_t chunk)
    : unread_(text), budget_(budget), chunk_(chunk) {
  if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
  yaml_parser_set_input(&parser_, &YamlEvents::read, this);
  const std::size_t directives = tag_directives(text);
  if (directives > kMaxTagDirectives || !budget.spend(directives * directives)) {
    error_ = YamlError{0, "too many %TAG directives"};
  }
}

YamlEvents::~YamlEvents() {
  yaml_event_delete(&event_);
  yaml_parser_delete(&parser_);
}

int YamlEvents::read(void* self, unsigned char* buffer, std::size_t size, std::size_t* size_read) {
  auto& events = *static_cast<YamlEvents*>(self);
  *size_read = std::min({size, events.chunk_, events.unread_.size()});
  if (*size_read > 0) std::memcpy(buffer, events.unread_.data(), *size_read);
  events.unread_.remove_prefix(*size_read);
  return 1;
}

const yaml_event_t* YamlEvents::next() {
  if (error_) return nullptr;
  yaml_event_delete(&event_);
  if (yaml_parser_parse(&parser_, &event_) == 0) {
    error_ = libyaml_error();
    return nullptr;
  }
  return keep_within_bounds() ? &event_ : nullptr;
}

bool YamlEvents::keep_within_bounds() {
  switch (event_.type) {
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT: {
      ++depth_;
      const bool flow = event_.type == YAML_MAPPING_START_EVENT
                            ? event_.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                            : event_.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
      // What a flow collection holds is in flow style too.
      if (flow) ++flow_depth_;
      break;
    }
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
      --depth_;
      if (flow_depth_ > 0) --flow_depth_;
      break;
    default:
      break;
  }
  if (depth_ > kMaxDepth) error_ = YamlError{0, "exceeded max depth of 10000"};
  if (!budget_.spend(flow_depth_)) error_ = YamlError{0, "exceeded max size of nested collections"};
  return !error_;
}

YamlPlace YamlEvents::error_place() const {
  // Errors of other kinds (characters, budget) have no mark.
  if (parser_.error != YAML_SCANNER_ERROR && parser_.error != YAML_PARSER_ERROR) return {};
  return {parser_.problem_mark.line + 1, parser_.problem_mark.column + 1};
}

YamlError YamlEvents::libyaml_error() const {
  if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
  // The reference counts lines from zero but for the scanner's errors, and tells no first line.
  std::size_t line = 0;
  if (parser_.problem_mark.line != 0) {
    line = parser_.problem_mark.line + (parser_.error == YAML_SCANNER_ERROR ? 1 : 0);
  } else {
    line = parser_.context_mark.line;
  }
  return YamlError{
      line, parser_.problem != nullptr ? parser_.problem : "unknown problem parsing YAML content"};
}

}  // namespace chartmuseum::encoding
