// SPDX-License-Identifier: Apache-2.0
#include "options/option.hpp"

#include "base/ascii.hpp"
#include "options/duration.hpp"
#include "options/values.hpp"

#include <algorithm>
#include <limits>
#include <ranges>

namespace chartmuseum::options {

namespace {

/// Gives a value of the right type to the row's setter; false if the text is none.
struct Applier {
  Draft& draft;
  const Given& given;

  [[nodiscard]] const std::string& text() const { return given.texts.back(); }

  bool operator()(const Inert& /*effect*/) const { return typed(); }
  bool operator()(const NotYet& /*effect*/) const { return typed(); }
  bool operator()(const StoreBool& effect) const {
    const auto value = parse_bool(text());
    if (value) effect.store(draft, *value);
    return value.has_value();
  }
  bool operator()(const StoreNumber& effect) const {
    const auto value = parse_whole_number(text());
    if (!value || *value < effect.least || *value > effect.most) return false;
    effect.store(draft, *value);
    return true;
  }
  bool operator()(const StoreDuration& effect) const {
    const auto value = parse_duration(text());
    if (!value || *value < std::chrono::nanoseconds(0)) return false;
    effect.store(draft, *value);
    return true;
  }
  bool operator()(const StoreString& effect) const {
    effect.store(draft, text());
    return true;
  }
  bool operator()(const StoreKeyValues& effect) const {
    effect.store(draft, given.texts);
    return true;
  }

  /// Where nothing is stored, the text must still be of the option's type.
  [[nodiscard]] bool typed() const {
    switch (given.option->type) {
      case Type::boolean:
        return parse_bool(text()).has_value();
      case Type::whole_number:
        return parse_whole_number(text()).has_value();
      case Type::duration:
        return parse_duration(text()).has_value();
      case Type::string:
      case Type::key_value:
        return true;
    }
    return true;
  }
};

std::string wanted(const Option& option) {
  switch (option.type) {
    case Type::boolean:
      return "true or false";
    case Type::duration:
      return "a duration like 30s, 5m or 1h30m, 0 or more";
    case Type::whole_number: {
      const auto* number = std::get_if<StoreNumber>(&option.effect);
      if (number == nullptr) return "a whole number";
      if (number->most == std::numeric_limits<std::int64_t>::max()) {
        return "a whole number, " + std::to_string(number->least) + " or more";
      }
      return "a whole number from " + std::to_string(number->least) + " to " +
             std::to_string(number->most);
    }
    case Type::string:
    case Type::key_value:
      break;
  }
  return "a text";
}

}  // namespace

const Option* find_flag(std::string_view name) {
  if (name.empty()) return nullptr;
  const auto found = std::ranges::find_if(option_table(), [&](const Option& option) {
    return option.flag == name || option.letter == name;
  });
  return found == option_table().end() ? nullptr : &*found;
}

const Option* find_key(std::string_view key) {
  if (key.empty()) return nullptr;
  const auto found = std::ranges::find_if(
      option_table(), [&](const Option& option) { return equal_ignoring_case(option.key, key); });
  return found == option_table().end() ? nullptr : &*found;
}

std::optional<UsageError> apply(const Given& given, Draft& draft) {
  if (std::visit(Applier{draft, given}, given.option->effect)) return std::nullopt;
  const std::string shown = given.option->secret ? "what is given" : printable(given.texts.back());
  return UsageError{given.place + ": " + shown + " is not " + wanted(*given.option)};
}

bool differs_from_default(const Given& given) {
  const std::string& text = given.texts.back();
  if (text.empty()) return false;
  const std::string_view usual = given.option->default_value;
  switch (given.option->type) {
    case Type::boolean:
      return parse_bool(text) != parse_bool(usual);
    case Type::whole_number:
      return parse_whole_number(text) != parse_whole_number(usual);
    case Type::duration:
      return parse_duration(text) != parse_duration(usual);
    case Type::string:
    case Type::key_value:
      break;
  }
  return text != usual;
}

}  // namespace chartmuseum::options
