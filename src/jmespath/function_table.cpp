// SPDX-License-Identifier: Apache-2.0
#include "jmespath/functions.hpp"
#include "jmespath/signature.hpp"

#include <algorithm>

namespace chartmuseum::jmespath {
namespace {

constexpr Parameter any{};
constexpr Parameter a_number{types::number};
constexpr Parameter a_string{types::string};
constexpr Parameter an_array{types::array};
constexpr Parameter an_object{types::object};
constexpr Parameter an_expression{types::any, true};
constexpr Parameter numbers{types::array, false, types::number};
constexpr Parameter strings{types::array, false, types::string};
constexpr Parameter sortable{types::array, false, types::number | types::string};
constexpr Parameter text_or_array{types::string | types::array};
constexpr Parameter sized{types::string | types::array | types::object};

constexpr Parameter takes_any[] = {any};
constexpr Parameter takes_number[] = {a_number};
constexpr Parameter takes_object[] = {an_object};
constexpr Parameter takes_numbers[] = {numbers};
constexpr Parameter takes_sortable[] = {sortable};
constexpr Parameter takes_text_or_array[] = {text_or_array};
constexpr Parameter takes_sized[] = {sized};
constexpr Parameter takes_two_strings[] = {a_string, a_string};
constexpr Parameter takes_where_and_what[] = {text_or_array, any};
constexpr Parameter takes_glue_and_strings[] = {a_string, strings};
constexpr Parameter takes_expression_and_array[] = {an_expression, an_array};
constexpr Parameter takes_array_and_expression[] = {an_array, an_expression};

constexpr Function table[] = {
    {"abs", takes_number, false, functions::abs},
    {"avg", takes_numbers, false, functions::avg},
    {"ceil", takes_number, false, functions::ceil},
    {"contains", takes_where_and_what, false, functions::contains},
    {"ends_with", takes_two_strings, false, functions::ends_with},
    {"floor", takes_number, false, functions::floor},
    {"join", takes_glue_and_strings, false, functions::join},
    {"keys", takes_object, false, functions::keys},
    {"length", takes_sized, false, functions::length},
    {"map", takes_expression_and_array, false, functions::map},
    {"max", takes_sortable, false, functions::max},
    {"max_by", takes_array_and_expression, false, functions::max_by},
    {"merge", takes_object, true, functions::merge},
    {"min", takes_sortable, false, functions::min},
    {"min_by", takes_array_and_expression, false, functions::min_by},
    {"not_null", takes_any, true, functions::not_null},
    {"reverse", takes_text_or_array, false, functions::reverse},
    {"sort", takes_sortable, false, functions::sort},
    {"sort_by", takes_array_and_expression, false, functions::sort_by},
    {"starts_with", takes_two_strings, false, functions::starts_with},
    {"sum", takes_numbers, false, functions::sum},
    {"to_array", takes_any, false, functions::to_array},
    {"to_number", takes_any, false, functions::to_number},
    {"to_string", takes_any, false, functions::to_string},
    {"type", takes_any, false, functions::type},
    {"values", takes_object, false, functions::values},
};

}  // namespace

const Function* find_function(std::string_view name) {
  const auto* const found = std::ranges::find(table, name, &Function::name);
  return found != std::end(table) ? found : nullptr;
}

}  // namespace chartmuseum::jmespath
