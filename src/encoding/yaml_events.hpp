// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "encoding/yaml_parser.hpp"
#include "encoding/yaml_tree.hpp"

#include <yaml.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace chartmuseum::encoding {

/// libyaml's events of a text, one after the other. Holds no more than the current one, and
/// keeps what libyaml does within bounds: nesting, and work that grows faster than the text.
class YamlEvents {
 public:
  /// `chunk`: how many bytes are read, and so checked for characters that YAML forbids, at a time.
  /// Both arguments must outlive it.
  YamlEvents(std::string_view text, YamlBudget& budget,
             std::size_t chunk = static_cast<std::size_t>(-1));
  ~YamlEvents();
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  /// The next event, which lives until the next call; null where the text is no YAML (see
  /// error()). Not to be called after the stream's end.
  const yaml_event_t* next();

  [[nodiscard]] const YamlError& error() const { return *error_; }
  /// Where it is, for people: error() counts lines as the reference does.
  [[nodiscard]] YamlPlace error_place() const;
  /// Whether error() is about characters, which may stand behind the first document.
  [[nodiscard]] bool failed_on_characters() const { return parser_.error == YAML_READER_ERROR; }

  /// How deep the collections are nested that are open at the current event.
  [[nodiscard]] std::size_t depth() const { return depth_; }

 private:
  static int read(void* self, unsigned char* buffer, std::size_t size, std::size_t* size_read);
  bool keep_within_bounds();
  [[nodiscard]] YamlError libyaml_error() const;

  std::string_view unread_;
  YamlBudget& budget_;
  std::size_t chunk_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
  std::size_t depth_ = 0;
  std::size_t flow_depth_ = 0;
  std::optional<YamlError> error_;
};

}  // namespace chartmuseum::encoding
