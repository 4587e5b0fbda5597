// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace chartmuseum::jmespath {

class Evaluation;
struct EvaluationError;

/// A value that was found, in the document or among what the search made; never null.
using Found = std::expected<const boost::json::value*, EvaluationError>;

/// What a function takes in one place: some of these bits, or an expression ("&name").
using Types = std::uint8_t;
namespace types {
constexpr Types null = 1;
constexpr Types boolean = 2;
constexpr Types number = 4;
constexpr Types string = 8;
constexpr Types array = 16;
constexpr Types object = 32;
constexpr Types any = null | boolean | number | string | array | object;
}  // namespace types

struct Parameter {
  Types accepted = types::any;
  bool expression = false;
  /// Of an array all items must be of one of these types, and all of the same.
  Types items = types::any;
};

/// One of these two, as the parameter has it.
struct Argument {
  const boost::json::value* value = nullptr;
  std::uint32_t expression = 0;
};

struct Function {
  std::string_view name;
  std::span<const Parameter> parameters;
  bool variadic = false;  // the last parameter may repeat
  Found (*call)(Evaluation& evaluation, std::span<const Argument> arguments);

  /// The parameter that stands for the argument at `place`.
  [[nodiscard]] const Parameter& parameter(std::size_t place) const;
};

/// Null if there is none of that name.
[[nodiscard]] const Function* find_function(std::string_view name);

[[nodiscard]] Types type_of(const boost::json::value& value);
/// "string", as the function type() has it.
[[nodiscard]] std::string_view type_name(const boost::json::value& value);

/// What is wrong with the argument at `place`, by types alone: "join() takes an array of strings as
/// argument 2, not a number"; empty if nothing is.
[[nodiscard]] std::string check_argument(const Function& function, std::size_t place,
                                         const boost::json::value& argument);

}  // namespace chartmuseum::jmespath
