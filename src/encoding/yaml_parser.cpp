// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_parser.hpp"

#include "encoding/number.hpp"
#include "encoding/yaml_document.hpp"
#include "encoding/yaml_events.hpp"
#include "encoding/yaml_quick_check.hpp"
#include "encoding/yaml_resolver.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace chartmuseum::encoding {

namespace {

// The reference reads, and so checks, 512 bytes at a time: what stands further behind the first
// document is never looked at. libyaml is quicker with more, so this is only for texts that have
// such characters somewhere.
constexpr std::size_t kReferenceChunk = 512;

std::expected<YamlDocument, YamlError> read_document(std::string_view text, YamlBudget& budget) {
  // Offsets in a document have 32 bits; libyaml's events of a text may be larger than it is.
  if (text.size() > UINT32_MAX / 4) return std::unexpected(YamlError{0, "document is too large"});
  YamlEvents events(text, budget);
  auto document = YamlDocument::read(events);
  if (document || !events.failed_on_characters()) return document;
  YamlEvents careful_events(text, budget, kReferenceChunk);
  return YamlDocument::read(careful_events);
}

YamlRoot root_of(const Value& value) {
  if (value.is_null()) return YamlRoot::null;
  if (value.mapping() != nullptr) return YamlRoot::mapping;
  return value.list() != nullptr ? YamlRoot::list : YamlRoot::scalar;
}

/// Calls itself as deep as the value is, which is why it is sparing with the stack.
const double* find_not_finite(const Value& value) {
  if (const auto* const number = std::get_if<double>(&value.content())) {
    return std::isfinite(*number) ? nullptr : number;
  }
  if (const auto* const list = value.list()) {
    for (const Value& item : *list) {
      if (const double* const found = find_not_finite(item)) return found;
    }
  }
  if (const auto* const mapping = value.mapping()) {
    for (const Value::Member& member : *mapping) {
      if (const double* const found = find_not_finite(member.second)) return found;
    }
  }
  return nullptr;
}

}  // namespace

std::string YamlError::message() const {
  if (step == Step::json) return problem;
  if (line == 0) return "yaml: " + problem;
  return "yaml: line " + std::to_string(line) + ": " + problem;
}

std::expected<Value, YamlError> parse_yaml(std::string_view text, YamlBudget& budget) {
  const auto document = read_document(text, budget);
  if (!document) return std::unexpected(document.error());
  return YamlResolver(*document, budget).resolve();
}

std::expected<Value, YamlError> parse_yaml(std::string_view text) {
  YamlBudget budget;
  return parse_yaml(text, budget);
}

std::expected<YamlRoot, YamlError> check_yaml(std::string_view text) {
  YamlBudget budget;
  return check_yaml(text, budget);
}

std::expected<YamlRoot, YamlError> check_yaml(std::string_view text, YamlBudget& budget) {
  const auto quick = quick_check(text, budget);
  if (!quick) return std::unexpected(quick.error());
  if (*quick) return **quick;
  const auto value = parse_yaml(text, budget);
  if (!value) return std::unexpected(value.error());
  if (auto error = find_unsupported_number(*value)) return std::unexpected(std::move(*error));
  return root_of(*value);
}

std::optional<YamlError> find_unsupported_number(const Value& value) {
  const double* const number = find_not_finite(value);
  if (number == nullptr) return std::nullopt;
  return YamlError{0, "json: unsupported value: " + number_in_string_field(*number),
                   YamlError::Step::json};
}

}  // namespace chartmuseum::encoding
