// SPDX-License-Identifier: Apache-2.0
#include "jmespath/evaluation.hpp"
#include "jmespath/functions.hpp"
#include "jmespath/values.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::jmespath::functions {
namespace {

namespace json = boost::json;

/// Numbers by value, strings by code points (which is how UTF-8 sorts). Both are of one type.
bool is_less(const json::value& left, const json::value& right) {
  if (left.is_number()) return compare_numbers(left, right) < 0;
  return text_of(left) < text_of(right);
}

/// An item and what it is ordered by.
struct Keyed {
  const json::value* item;
  const json::value* key;
};

bool is_before(const Keyed& left, const Keyed& right) {
  return is_less(*left.key, *right.key);
}

using Keys = std::expected<std::vector<Keyed>, EvaluationError>;

/// Pays for `rounds` comparisons of each key.
bool pay(Evaluation& evaluation, const std::vector<Keyed>& keyed, std::uint64_t rounds) {
  return std::ranges::all_of(keyed, [&](const Keyed& one) {
    const std::size_t size = one.key->is_string() ? text_of(*one.key).size() : 0;
    return evaluation.budget().spend(rounds * (1 + size / 32));
  });
}

bool pay_for_sorting(Evaluation& evaluation, const std::vector<Keyed>& keyed) {
  return pay(evaluation, keyed, static_cast<std::uint64_t>(std::bit_width(keyed.size())));
}

/// The items of an array, each being its own key.
std::vector<Keyed> own_keys(const json::value& array) {
  std::vector<Keyed> result;
  for (const json::value& item : array.get_array()) result.push_back({&item, &item});
  return result;
}

/// The items of `arguments`' array with what its expression gives for them: all numbers, or all
/// strings.
Keys keys_by_expression(Evaluation& evaluation, Arguments arguments, std::string_view function) {
  std::vector<Keyed> result;
  for (const json::value& item : arguments[0].value->get_array()) {
    const Found key = evaluation.evaluate(arguments[1].expression, item);
    if (!key) return std::unexpected(key.error());
    const Types type = type_of(**key);
    if ((type & (types::number | types::string)) == 0 ||
        (!result.empty() && type != type_of(*result.front().key))) {
      return Evaluation::wrong_type(std::string(function) +
                                    "() takes an expression that gives all numbers or all strings "
                                    "as argument 2");
    }
    result.push_back({&item, *key});
  }
  return result;
}

Found keep_sorted(Evaluation& evaluation, std::vector<Keyed> keyed) {
  if (!pay_for_sorting(evaluation, keyed)) return Evaluation::over_limit();
  std::ranges::stable_sort(keyed, is_before);
  json::array result;
  for (const Keyed& one : keyed) {
    auto copied = copy(*one.item, evaluation.budget());
    if (!copied) return Evaluation::over_limit();
    result.push_back(*std::move(copied));
  }
  return evaluation.keep(std::move(result));
}

/// Of equal ones the first.
Found first_greatest(Evaluation& evaluation, const std::vector<Keyed>& keyed) {
  if (keyed.empty()) return evaluation.keep(nullptr);
  if (!pay(evaluation, keyed, 1)) return Evaluation::over_limit();
  return std::ranges::max_element(keyed, is_before)->item;
}

Found first_smallest(Evaluation& evaluation, const std::vector<Keyed>& keyed) {
  if (keyed.empty()) return evaluation.keep(nullptr);
  if (!pay(evaluation, keyed, 1)) return Evaluation::over_limit();
  return std::ranges::min_element(keyed, is_before)->item;
}

}  // namespace

Found max(Evaluation& evaluation, Arguments arguments) {
  return first_greatest(evaluation, own_keys(*arguments[0].value));
}

Found max_by(Evaluation& evaluation, Arguments arguments) {
  const Keys keyed = keys_by_expression(evaluation, arguments, "max_by");
  return keyed ? first_greatest(evaluation, *keyed) : std::unexpected(keyed.error());
}

Found min(Evaluation& evaluation, Arguments arguments) {
  return first_smallest(evaluation, own_keys(*arguments[0].value));
}

Found min_by(Evaluation& evaluation, Arguments arguments) {
  const Keys keyed = keys_by_expression(evaluation, arguments, "min_by");
  return keyed ? first_smallest(evaluation, *keyed) : std::unexpected(keyed.error());
}

Found sort(Evaluation& evaluation, Arguments arguments) {
  return keep_sorted(evaluation, own_keys(*arguments[0].value));
}

Found sort_by(Evaluation& evaluation, Arguments arguments) {
  Keys keyed = keys_by_expression(evaluation, arguments, "sort_by");
  return keyed ? keep_sorted(evaluation, *std::move(keyed)) : std::unexpected(keyed.error());
}

}  // namespace chartmuseum::jmespath::functions
