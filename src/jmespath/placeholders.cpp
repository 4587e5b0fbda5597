// SPDX-License-Identifier: Apache-2.0
#include "jmespath/placeholders.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <functional>

namespace chartmuseum::jmespath {

Placeholders::Placeholders(std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (!name.empty()) names_.emplace_back(name);
  }
  std::ranges::sort(names_, std::greater(), &std::string::size);
}

Placeholders::Place Placeholders::first_in(std::string_view text) const {
  Place first;
  for (const std::string& name : names_) {
    const std::size_t begin = text.find(name);
    if (begin < first.begin) first = {begin, name};  // of those at one place the longest stays
  }
  return first;
}

bool Placeholders::occur_in(std::string_view text) const {
  return !first_in(text).name.empty();
}

bool Placeholders::occur_in(const boost::json::value& literal) const {
  if (names_.empty()) return false;
  if (const auto* string = literal.if_string()) {
    return occur_in(std::string_view(string->data(), string->size()));
  }
  if (const auto* array = literal.if_array()) {
    return std::ranges::any_of(*array, [this](const auto& item) { return occur_in(item); });
  }
  if (const auto* object = literal.if_object()) {
    return std::ranges::any_of(*object, [this](const auto& member) {
      return occur_in(std::string_view(member.key().data(), member.key().size())) ||
             occur_in(member.value());
    });
  }
  return false;
}

std::expected<std::string, EvaluationError> Placeholders::fill(
    std::string_view text, std::span<const Binding> bindings) const {
  std::string result;
  for (;;) {
    const Place place = first_in(text);
    result += text.substr(0, place.begin);
    if (place.name.empty()) return result;
    const auto bound = std::ranges::find(bindings, place.name, &Binding::name);
    if (bound == bindings.end()) {
      return std::unexpected(EvaluationError{EvaluationError::Kind::unbound,
                                             std::string(place.name) + " has no value"});
    }
    result += bound->value;
    text.remove_prefix(place.begin + place.name.size());
  }
}

}  // namespace chartmuseum::jmespath
