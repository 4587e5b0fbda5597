// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/expression.hpp"

#include <boost/json/value.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::jmespath {

/// What is left of SearchLimits.
struct Budget {
  SearchLimits left;

  /// False, and nothing is left, if that is more than there was.
  bool spend(std::uint64_t steps);
  bool claim(std::uint64_t bytes);
};

[[nodiscard]] std::string_view text_of(const boost::json::value& string);

/// Null, false, and empty strings, arrays and objects are false.
[[nodiscard]] bool is_true(const boost::json::value& value);

[[nodiscard]] double to_double(const boost::json::value& number);

/// By their values, whatever they are kept as: 1 is 1.0.
[[nodiscard]] std::partial_ordering compare_numbers(const boost::json::value& left,
                                                    const boost::json::value& right);

/// `number`, as an integer where it is one, so that it is written as one.
[[nodiscard]] boost::json::value number_value(double number);

/// Nothing if JSON has no such number, or `text` is none by RFC 8259.
[[nodiscard]] std::optional<boost::json::value> parse_number(std::string_view text);

// These end with nothing where the budget does not suffice.
[[nodiscard]] std::optional<bool> are_equal(const boost::json::value& left,
                                            const boost::json::value& right, Budget& budget,
                                            std::size_t depth = 0);
[[nodiscard]] std::optional<boost::json::value> copy(const boost::json::value& value,
                                                     Budget& budget, std::size_t depth = 0);
/// Appends `value` as JSON without white space. False where the budget does not suffice.
[[nodiscard]] bool append_json(std::string& json, const boost::json::value& value, Budget& budget,
                               std::size_t depth = 0);

}  // namespace chartmuseum::jmespath
