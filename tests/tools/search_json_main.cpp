// SPDX-License-Identifier: Apache-2.0
// Searches JSON documents by JMESPath: for each line {"expression": ..., "document": ...} on
// standard input prints {"result": ...} or {"error": kind, "message": ...}. For the compliance
// suite and for comparisons with other engines.
#include "jmespath/expression.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <iostream>
#include <string>
#include <string_view>

namespace {

namespace jmespath = chartmuseum::jmespath;
namespace json = boost::json;

const char* name_of(jmespath::CompileError::Kind kind) {
  using enum jmespath::CompileError::Kind;
  switch (kind) {
    case syntax:
      return "syntax";
    case unknown_function:
      return "unknown-function";
    case invalid_arity:
      return "invalid-arity";
    case invalid_type:
      return "invalid-type";
    case invalid_value:
      return "invalid-value";
    case too_large:
      return "too-large";
  }
  return "";
}

const char* name_of(jmespath::EvaluationError::Kind kind) {
  using enum jmespath::EvaluationError::Kind;
  switch (kind) {
    case invalid_type:
      return "invalid-type";
    case invalid_value:
      return "invalid-value";
    case unbound:
      return "unbound";
    case limit:
      return "limit";
  }
  return "";
}

json::object answer(const json::value& request) {
  const auto& text = request.at("expression").as_string();
  const auto expression = jmespath::Expression::compile(std::string_view(text.data(), text.size()));
  if (!expression) {
    const auto& error = expression.error();
    return {{"error", name_of(error.kind)}, {"message", error.describe()}};
  }
  auto result = expression->search(request.at("document"));
  if (result) return {{"result", *std::move(result)}};
  return {{"error", name_of(result.error().kind)}, {"message", result.error().message}};
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    json::parse_options options;
    options.max_depth = 400;
    std::cout << answer(json::parse(line, {}, options)) << "\n";
  }
}
