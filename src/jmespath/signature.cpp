// SPDX-License-Identifier: Apache-2.0
#include "jmespath/signature.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace chartmuseum::jmespath {
namespace {

std::string list_types(Types accepted) {
  static constexpr std::pair<Types, std::string_view> names[] = {
      {types::null, "null"},     {types::boolean, "boolean"}, {types::number, "number"},
      {types::string, "string"}, {types::array, "array"},     {types::object, "object"},
  };
  std::string result;
  for (const auto& [type, name] : names) {
    if ((accepted & type) == 0) continue;
    if (!result.empty()) result += " or ";
    result += name;
  }
  return result;
}

bool has_items_of(const boost::json::array& array, Types accepted) {
  if (accepted == types::any || array.empty()) return true;
  const Types first = type_of(array.front());
  return (first & accepted) != 0 &&
         std::ranges::all_of(array, [&](const auto& item) { return type_of(item) == first; });
}

}  // namespace

const Parameter& Function::parameter(std::size_t place) const {
  return parameters[std::min(place, parameters.size() - 1)];
}

Types type_of(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return types::null;
    case boost::json::kind::bool_:
      return types::boolean;
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_:
      return types::number;
    case boost::json::kind::string:
      return types::string;
    case boost::json::kind::array:
      return types::array;
    case boost::json::kind::object:
      return types::object;
  }
  return types::null;
}

std::string_view type_name(const boost::json::value& value) {
  switch (type_of(value)) {
    case types::boolean:
      return "boolean";
    case types::number:
      return "number";
    case types::string:
      return "string";
    case types::array:
      return "array";
    case types::object:
      return "object";
    default:
      return "null";
  }
}

std::string check_argument(const Function& function, std::size_t place,
                           const boost::json::value& argument) {
  const Parameter& parameter = function.parameter(place);
  const std::string begin = std::string(function.name) + "() takes ";
  const std::string where = " as argument " + std::to_string(place + 1);
  if ((type_of(argument) & parameter.accepted) == 0) {
    return begin + list_types(parameter.accepted) + where + ", not " +
           std::string(type_name(argument));
  }
  const auto* array = argument.if_array();
  if (array != nullptr && !has_items_of(*array, parameter.items)) {
    return begin + "an array whose items are all " + list_types(parameter.items) + where;
  }
  return {};
}

}  // namespace chartmuseum::jmespath
