// SPDX-License-Identifier: Apache-2.0
#include "jmespath/values.hpp"

#include "encoding/number.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cmath>
#include <limits>
#include <utility>

namespace chartmuseum::jmespath {
namespace {

namespace json = boost::json;

/// Holds every 64-bit integer and every double exactly.
long double widest(const json::value& number) {
  static_assert(std::numeric_limits<long double>::digits >= 64);
  if (const auto* integer = number.if_int64()) return static_cast<long double>(*integer);
  if (const auto* integer = number.if_uint64()) return static_cast<long double>(*integer);
  return number.get_double();
}

std::string_view view(json::string_view text) {
  return {text.data(), text.size()};
}

/// What a text costs to look at: memory is read many bytes a step.
std::uint64_t steps_of(std::size_t bytes) {
  return 1 + bytes / 32;
}

void append_string(std::string& json, std::string_view text) {
  json += json::serialize(json::string_view(text.data(), text.size()));
}

void append_number(std::string& json, const json::value& number) {
  if (const auto* integer = number.if_int64()) {
    json += std::to_string(*integer);
  } else if (const auto* positive = number.if_uint64()) {
    json += std::to_string(*positive);
  } else {
    json += encoding::json_number(number.get_double());
  }
}

}  // namespace

bool Budget::spend(std::uint64_t steps) {
  const bool enough = steps <= left.steps;
  left.steps = enough ? left.steps - steps : 0;
  return enough;
}

bool Budget::claim(std::uint64_t bytes) {
  const bool enough = bytes <= left.created_bytes;
  left.created_bytes = enough ? left.created_bytes - bytes : 0;
  return enough;
}

std::string_view text_of(const json::value& string) {
  return view(string.get_string());
}

bool is_true(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return false;
    case json::kind::bool_:
      return value.get_bool();
    case json::kind::string:
      return !value.get_string().empty();
    case json::kind::array:
      return !value.get_array().empty();
    case json::kind::object:
      return !value.get_object().empty();
    default:
      return true;
  }
}

double to_double(const json::value& number) {
  return static_cast<double>(widest(number));
}

std::partial_ordering compare_numbers(const json::value& left, const json::value& right) {
  return widest(left) <=> widest(right);
}

json::value number_value(double number) {
  constexpr double exact =
      9007199254740992.0;  // 2^53: beyond it doubles are no longer every integer
  if (std::trunc(number) == number && std::abs(number) <= exact) {
    return static_cast<std::int64_t>(number);
  }
  return number;
}

std::optional<json::value> parse_number(std::string_view text) {
  // Nothing but a number, not even white space around it.
  if (text.empty() || text.find_first_not_of("+-.eE0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  json::error_code error;
  json::value number = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !number.is_number() || !std::isfinite(to_double(number))) return std::nullopt;
  return number;
}

std::optional<bool> are_equal(const json::value& left, const json::value& right, Budget& budget,
                              std::size_t depth) {
  if (depth > budget.left.depth || !budget.spend(1)) return std::nullopt;
  if (left.is_number() && right.is_number()) return compare_numbers(left, right) == 0;
  if (left.kind() != right.kind()) return false;

  if (const auto* string = left.if_string()) {
    if (string->size() != right.get_string().size()) return false;
    if (!budget.spend(steps_of(string->size()))) return std::nullopt;
    return *string == right.get_string();
  }
  if (const auto* array = left.if_array()) {
    const json::array& other = right.get_array();
    if (array->size() != other.size()) return false;
    for (std::size_t i = 0; i < array->size(); ++i) {
      const auto equal = are_equal((*array)[i], other[i], budget, depth + 1);
      if (equal != true) return equal;
    }
    return true;
  }
  if (const auto* object = left.if_object()) {
    const json::object& other = right.get_object();
    if (object->size() != other.size()) return false;
    for (const auto& [key, value] : *object) {
      if (!budget.spend(steps_of(key.size()))) return std::nullopt;
      const json::value* const counterpart = other.if_contains(key);
      if (counterpart == nullptr) return false;
      const auto equal = are_equal(value, *counterpart, budget, depth + 1);
      if (equal != true) return equal;
    }
    return true;
  }
  return !left.is_bool() || left.get_bool() == right.get_bool();
}

std::optional<json::value> copy(const json::value& value, Budget& budget, std::size_t depth) {
  if (depth > budget.left.depth || !budget.spend(1) || !budget.claim(sizeof(json::value))) {
    return std::nullopt;
  }
  if (const auto* string = value.if_string()) {
    if (!budget.spend(steps_of(string->size())) || !budget.claim(string->size())) {
      return std::nullopt;
    }
    return value;
  }
  if (const auto* array = value.if_array()) {
    if (!budget.spend(array->size())) return std::nullopt;
    json::array result;
    for (const json::value& item : *array) {
      auto copied = copy(item, budget, depth + 1);
      if (!copied) return std::nullopt;
      result.push_back(*std::move(copied));
    }
    return result;
  }
  if (const auto* object = value.if_object()) {
    json::object result;
    for (const auto& [key, member] : *object) {
      if (!budget.spend(steps_of(key.size())) ||
          !budget.claim(sizeof(json::key_value_pair) + key.size())) {
        return std::nullopt;
      }
      auto copied = copy(member, budget, depth + 1);
      if (!copied) return std::nullopt;
      result.insert_or_assign(key, *std::move(copied));
    }
    return result;
  }
  return value;
}

bool append_json(std::string& json, const json::value& value, Budget& budget, std::size_t depth) {
  constexpr std::size_t longest_escape = 6;
  if (depth > budget.left.depth || !budget.spend(1)) return false;
  if (const auto* string = value.if_string()) {
    if (!budget.spend(string->size()) || !budget.claim(string->size() * longest_escape)) {
      return false;
    }
    append_string(json, view(*string));
    return true;
  }
  if (!budget.claim(32)) return false;  // as long as a number can be
  if (const auto* array = value.if_array()) {
    char separator = '[';
    for (const json::value& item : *array) {
      json += separator;
      if (!append_json(json, item, budget, depth + 1)) return false;
      separator = ',';
    }
    json += array->empty() ? "[]" : "]";
  } else if (const auto* object = value.if_object()) {
    char separator = '{';
    for (const auto& [key, member] : *object) {
      json += separator;
      if (!budget.spend(key.size()) || !budget.claim(key.size() * longest_escape)) return false;
      append_string(json, view(key));
      json += ':';
      if (!append_json(json, member, budget, depth + 1)) return false;
      separator = ',';
    }
    json += object->empty() ? "{}" : "}";
  } else if (value.is_bool()) {
    json += value.get_bool() ? "true" : "false";
  } else if (value.is_null()) {
    json += "null";
  } else {
    append_number(json, value);
  }
  return true;
}

}  // namespace chartmuseum::jmespath
