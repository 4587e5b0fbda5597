// SPDX-License-Identifier: Apache-2.0
#include "jmespath/functions.hpp"

#include "base/utf8.hpp"
#include "jmespath/evaluation.hpp"
#include "jmespath/values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::jmespath::functions {
namespace {

namespace json = boost::json;

/// `number` as JSON; an error where it is too large to be one.
Found keep_number(Evaluation& evaluation, double number) {
  if (std::isfinite(number)) return evaluation.keep(number_value(number));
  return std::unexpected(
      EvaluationError{EvaluationError::Kind::invalid_value, "a number became too large"});
}

/// A character's bytes at the front of `text`; a byte that is part of none stands for itself.
std::size_t character_size(std::string_view text) {
  const auto character = first_utf8_character(text);
  return character ? character->size : 1;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(character_size(text));
  return count;
}

bool is_integer(const json::value& number) {
  return !number.is_double();
}

/// Exact where all numbers are integers and their sum is one of 64 bits.
json::value sum_of(const json::array& numbers) {
  std::int64_t exact = 0;
  bool is_exact = true;
  double approximate = 0;
  for (const json::value& number : numbers) {
    approximate += to_double(number);
    const auto* integer = number.if_int64();
    is_exact = is_exact && integer != nullptr && !__builtin_add_overflow(exact, *integer, &exact);
  }
  return is_exact ? json::value(exact) : json::value(approximate);
}

Found keep_sum(Evaluation& evaluation, const json::value& sum) {
  return is_integer(sum) ? evaluation.keep(sum) : keep_number(evaluation, sum.get_double());
}

/// Keeps an array of what `make` gives for each of `items`: a value, or nothing over the budget.
template <class Items>
Found keep_array(Evaluation& evaluation, const Items& items, auto make) {
  json::array result;
  for (const auto& item : items) {
    std::optional<json::value> made = make(item);
    if (!made) return Evaluation::over_limit();
    result.push_back(*std::move(made));
  }
  return evaluation.keep(std::move(result));
}

}  // namespace

Found abs(Evaluation& evaluation, Arguments arguments) {
  const json::value& number = *arguments[0].value;
  if (number.is_uint64()) return &number;
  if (const auto* integer = number.if_int64(); integer != nullptr) {
    if (*integer >= 0) return &number;
    return evaluation.keep(0 - static_cast<std::uint64_t>(*integer));
  }
  return keep_number(evaluation, std::abs(number.get_double()));
}

Found avg(Evaluation& evaluation, Arguments arguments) {
  const json::array& numbers = arguments[0].value->get_array();
  if (numbers.empty()) return evaluation.keep(nullptr);
  return keep_number(evaluation, to_double(sum_of(numbers)) / static_cast<double>(numbers.size()));
}

Found ceil(Evaluation& evaluation, Arguments arguments) {
  const json::value& number = *arguments[0].value;
  if (is_integer(number)) return &number;
  return keep_number(evaluation, std::ceil(number.get_double()));
}

Found contains(Evaluation& evaluation, Arguments arguments) {
  const json::value& where = *arguments[0].value;
  const json::value& what = *arguments[1].value;
  if (const auto* array = where.if_array()) {
    for (const json::value& item : *array) {
      const auto equal = are_equal(item, what, evaluation.budget());
      if (!equal) return Evaluation::over_limit();
      if (*equal) return evaluation.keep(true);
    }
    return evaluation.keep(false);
  }
  if (!what.is_string()) return evaluation.keep(false);
  const std::string_view text = text_of(where);
  const std::string_view wanted = text_of(what);
  // The worst that a search by comparing at each place can take.
  if (!evaluation.budget().spend(text.size() * (1 + wanted.size() / 32))) {
    return Evaluation::over_limit();
  }
  return evaluation.keep(text.find(wanted) != std::string_view::npos);
}

Found ends_with(Evaluation& evaluation, Arguments arguments) {
  return evaluation.keep(text_of(*arguments[0].value).ends_with(text_of(*arguments[1].value)));
}

Found floor(Evaluation& evaluation, Arguments arguments) {
  const json::value& number = *arguments[0].value;
  if (is_integer(number)) return &number;
  return keep_number(evaluation, std::floor(number.get_double()));
}

Found join(Evaluation& evaluation, Arguments arguments) {
  const std::string_view glue = text_of(*arguments[0].value);
  std::string result;
  std::string_view between;
  for (const json::value& text : arguments[1].value->get_array()) {
    const std::size_t size = between.size() + text_of(text).size();
    if (!evaluation.budget().spend(1) || !evaluation.budget().claim(size)) {
      return Evaluation::over_limit();
    }
    result.append(between).append(text_of(text));
    between = glue;
  }
  return evaluation.keep_text(result);
}

Found keys(Evaluation& evaluation, Arguments arguments) {
  return keep_array(evaluation, arguments[0].value->get_object(),
                    [&](const json::key_value_pair& member) -> std::optional<json::value> {
                      return copy(json::value(member.key()), evaluation.budget());
                    });
}

Found length(Evaluation& evaluation, Arguments arguments) {
  const json::value& value = *arguments[0].value;
  if (const auto* array = value.if_array()) return evaluation.keep(array->size());
  if (const auto* object = value.if_object()) return evaluation.keep(object->size());
  if (!evaluation.budget().spend(text_of(value).size())) return Evaluation::over_limit();
  return evaluation.keep(count_characters(text_of(value)));
}

Found map(Evaluation& evaluation, Arguments arguments) {
  json::array result;
  for (const json::value& item : arguments[1].value->get_array()) {
    const Found found = evaluation.evaluate(arguments[0].expression, item);
    if (!found) return found;
    auto copied = copy(**found, evaluation.budget());
    if (!copied) return Evaluation::over_limit();
    result.push_back(*std::move(copied));
  }
  return evaluation.keep(std::move(result));
}

Found merge(Evaluation& evaluation, Arguments arguments) {
  json::object result;
  for (const Argument& argument : arguments) {
    auto copied = copy(*argument.value, evaluation.budget());
    if (!copied) return Evaluation::over_limit();
    for (auto& member : copied->get_object()) {
      result.insert_or_assign(member.key(), std::move(member.value()));
    }
  }
  return evaluation.keep(std::move(result));
}

Found not_null(Evaluation&, Arguments arguments) {
  const auto found = std::ranges::find_if(
      arguments, [](const Argument& argument) { return !argument.value->is_null(); });
  return found != arguments.end() ? found->value : arguments.back().value;
}

Found reverse(Evaluation& evaluation, Arguments arguments) {
  const json::value& value = *arguments[0].value;
  if (value.is_string()) {
    std::string_view text = text_of(value);
    if (!evaluation.budget().spend(text.size()) || !evaluation.budget().claim(text.size())) {
      return Evaluation::over_limit();
    }
    std::string result(text.size(), '\0');
    for (std::size_t end = text.size(); !text.empty();) {
      const std::size_t size = character_size(text);
      end -= size;
      result.replace(end, size, text.substr(0, size));
      text.remove_prefix(size);
    }
    return evaluation.keep_text(result);
  }
  auto copied = copy(value, evaluation.budget());
  if (!copied) return Evaluation::over_limit();
  std::ranges::reverse(copied->get_array());
  return evaluation.keep(*std::move(copied));
}

Found starts_with(Evaluation& evaluation, Arguments arguments) {
  return evaluation.keep(text_of(*arguments[0].value).starts_with(text_of(*arguments[1].value)));
}

Found sum(Evaluation& evaluation, Arguments arguments) {
  return keep_sum(evaluation, sum_of(arguments[0].value->get_array()));
}

Found to_array(Evaluation& evaluation, Arguments arguments) {
  if (arguments[0].value->is_array()) return arguments[0].value;
  return keep_array(evaluation, arguments, [&](const Argument& argument) {
    return copy(*argument.value, evaluation.budget());
  });
}

Found to_number(Evaluation& evaluation, Arguments arguments) {
  const json::value& value = *arguments[0].value;
  if (value.is_number()) return &value;
  if (!value.is_string()) return evaluation.keep(nullptr);
  if (!evaluation.budget().spend(text_of(value).size())) return Evaluation::over_limit();
  return evaluation.keep(parse_number(text_of(value)).value_or(nullptr));
}

Found to_string(Evaluation& evaluation, Arguments arguments) {
  const json::value& value = *arguments[0].value;
  if (value.is_string()) return &value;
  std::string text;
  if (!append_json(text, value, evaluation.budget())) return Evaluation::over_limit();
  return evaluation.keep_text(text);
}

Found type(Evaluation& evaluation, Arguments arguments) {
  return evaluation.keep_text(type_name(*arguments[0].value));
}

Found values(Evaluation& evaluation, Arguments arguments) {
  return keep_array(evaluation, arguments[0].value->get_object(),
                    [&](const json::key_value_pair& member) {
                      return copy(member.value(), evaluation.budget());
                    });
}

}  // namespace chartmuseum::jmespath::functions
