// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_text.hpp"

#include "encoding/utf8.hpp"
#include "encoding/yaml_scalar.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace chartmuseum::encoding {

namespace {

constexpr std::string_view kNextLine = "\xC2\x85";
constexpr std::string_view kLineSeparator = "\xE2\x80\xA8";
constexpr std::string_view kParagraphSeparator = "\xE2\x80\xA9";

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

std::string_view writable_text(std::string_view text, std::string& changed) {
  if (is_ascii(text) || is_utf8(text)) return text;
  changed = replace_invalid_utf8(text);
  return changed;
}

std::string_view fold_next_lines(std::string_view text, std::string& changed) {
  if (!contains(text, kNextLine)) return text;
  std::string folded;
  while (!text.empty()) {
    std::size_t size = 0;  // of the spaces and breaks at the front
    std::size_t breaks = 0;
    while (size < text.size()) {
      if (text[size] == ' ') {
        ++size;
      } else if (text.substr(size).starts_with(kNextLine)) {
        size += kNextLine.size();
        ++breaks;
      } else {
        break;
      }
    }
    if (breaks == 0) {
      folded += text.substr(0, std::max<std::size_t>(size, 1));
    } else if (breaks == 1) {
      folded += ' ';
    } else {
      folded.append(breaks - 1, '\n');
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  changed = std::move(folded);
  return changed;
}

yaml_scalar_style_t style_of_string(std::string_view text) {
  if (contains(text, "\n")) return YAML_LITERAL_SCALAR_STYLE;
  return reads_back_as_text(text) ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

yaml_scalar_style_t style_of_key(std::string_view text) {
  // Plain "<<" would be read as a merge; the others are line breaks, which libyaml indents and
  // folds, within a key so that it is read back as another or not at all.
  if (text == "<<" || contains(text, kNextLine) || contains(text, kLineSeparator) ||
      contains(text, kParagraphSeparator)) {
    return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  }
  return style_of_string(text);
}

}  // namespace chartmuseum::encoding
