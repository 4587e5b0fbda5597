// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::repository {

/// Cuts an index document that arrives in pieces into sections of some ten kilobytes, each whole
/// entries, that read_statefile_entries understands: so that a statefile of any size is read
/// in little memory and by several workers at once. Knows the layouts in which Go's server and
/// this one write YAML and JSON. What is laid out otherwise becomes one section, if it is not too
/// large for that. A pure function of the bytes; checks nothing: that is the reader's part.
class StatefileSections {
 public:
  /// Takes more of the document.
  void add(std::string_view piece);
  /// The document ends here.
  void finish();

  /// The sections that were completed since the last call.
  [[nodiscard]] std::vector<std::string> take();

  /// Whether the document was given up: no known layout, and too large.
  [[nodiscard]] bool gave_up() const { return gave_up_; }

 private:
  enum class Layout { unknown, yaml_head, yaml_entries, yaml_tail, json, other };

  void add_yaml(std::string_view piece);
  void add_line(std::string_view line);
  void add_json(std::string_view piece);
  void close_section();

  Layout layout_ = Layout::unknown;
  std::string unread_;  // a line that is not whole yet, or a document of other layout
  std::string section_;
  std::string chart_key_;     // the line that began the current chart
  bool has_items_ = false;    // the section holds an entry already
  std::string json_nesting_;  // open brackets
  std::size_t whole_ = 0;     // how much of a JSON section is whole entries
  bool in_string_ = false;
  bool escaped_ = false;
  bool gave_up_ = false;
  std::vector<std::string> finished_;
};

}  // namespace chartmuseum::repository
