// SPDX-License-Identifier: Apache-2.0
#include "repository/statefile_sections.hpp"

#include <utility>

namespace chartmuseum::repository {

namespace {

constexpr std::size_t kSectionSize = 64UL * 1024;
// Beyond this a section, or a document in a layout of neither server, is not worth its memory.
constexpr std::size_t kLargestSection = 32UL * 1024 * 1024;
// An open bracket each for the document, its entries, a chart's list.
constexpr std::string_view kJsonEntryNesting = "{{[";

bool begins_chart(std::string_view line) {
  return line.size() > 2 && line.starts_with("  ") && line[2] != ' ' && line[2] != '-' &&
         line[2] != ':';
}

}  // namespace

std::vector<std::string> StatefileSections::take() {
  return std::exchange(finished_, {});
}

void StatefileSections::add(std::string_view piece) {
  if (gave_up_ || piece.empty()) return;
  if (layout_ == Layout::unknown) {
    layout_ = piece.front() == '{' ? Layout::json : Layout::yaml_head;
  }
  if (layout_ == Layout::json) {
    add_json(piece);
  } else {
    add_yaml(piece);
  }
  if (unread_.size() > kLargestSection || section_.size() > kLargestSection) {
    gave_up_ = true;
    unread_ = {};
    section_ = {};
  }
}

void StatefileSections::add_yaml(std::string_view piece) {
  while (!piece.empty() && layout_ != Layout::other) {
    const std::size_t end = piece.find('\n');
    if (end == std::string_view::npos) break;
    const std::string_view rest = piece.substr(0, end + 1);
    piece.remove_prefix(end + 1);
    if (unread_.empty()) {
      add_line(rest);
    } else {
      unread_ += rest;
      add_line(std::exchange(unread_, {}));
    }
  }
  unread_ += piece;
}

void StatefileSections::add_line(std::string_view line) {
  switch (layout_) {
    case Layout::yaml_head:
      section_ += line;  // in case that the layout is another
      if (line == "entries:\n") {
        section_.clear();
        layout_ = Layout::yaml_entries;
      } else if (line.front() == ' ' || section_.size() > kSectionSize) {
        layout_ = Layout::other;
        unread_ = std::exchange(section_, {});
      }
      return;
    case Layout::yaml_entries:
      if (begins_chart(line)) {
        if (section_.size() >= kSectionSize) close_section();
        chart_key_ = line;
      } else if (line.starts_with("  - ")) {
        // A chart of many versions goes on in a section of its own.
        if (section_.size() >= kSectionSize && has_items_ && chart_key_.ends_with(":\n")) {
          close_section();
          section_ = chart_key_;
        }
        has_items_ = true;
      } else if (line.front() != ' ' && line.front() != '\n') {
        close_section();
        layout_ = Layout::yaml_tail;
        return;
      }
      section_ += line;
      return;
    default:
      return;
  }
}

void StatefileSections::add_json(std::string_view piece) {
  for (const char c : piece) {
    const bool in_entry = json_nesting_.size() > kJsonEntryNesting.size() &&
                          json_nesting_.starts_with(kJsonEntryNesting);
    if (in_entry) section_ += c;
    if (in_string_) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      if (json_nesting_ == kJsonEntryNesting) {
        section_ += section_.empty() ? '[' : ',';
        section_ += c;
      }
      json_nesting_ += c;
    } else if ((c == '}' || c == ']') && !json_nesting_.empty()) {
      json_nesting_.pop_back();
      if (!in_entry || json_nesting_ != kJsonEntryNesting) continue;
      whole_ = section_.size();
      if (whole_ < kSectionSize) continue;
      section_ += ']';
      close_section();
    }
  }
}

void StatefileSections::finish() {
  // A document that ends within its entries was cut off: of JSON, what there is of the last
  // entry is left out here; in YAML the version comes last, and its line is not whole.
  if (layout_ == Layout::json && !section_.empty()) {
    section_.resize(whole_);
    if (!section_.empty()) section_ += ']';
  } else if (layout_ == Layout::yaml_head) {
    unread_.insert(0, std::exchange(section_, {}));
    layout_ = Layout::other;
  }
  close_section();
  if (layout_ == Layout::other && !unread_.empty()) {
    finished_.push_back(std::exchange(unread_, {}));
  }
}

void StatefileSections::close_section() {
  if (!section_.empty()) finished_.push_back(std::exchange(section_, {}));
  has_items_ = false;
  whole_ = 0;
}

}  // namespace chartmuseum::repository
