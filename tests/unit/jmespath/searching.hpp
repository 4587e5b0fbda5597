// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/expression.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <string_view>

namespace chartmuseum::jmespath {

/// What `expression` finds in the JSON text `document`, as JSON, or why it finds nothing.
inline std::string found(std::string_view expression, std::string_view document = "{}") {
  const auto compiled = Expression::compile(expression);
  if (!compiled) return "refused " + compiled.error().describe();
  const auto result = compiled->search(
      boost::json::parse(boost::json::string_view(document.data(), document.size())));
  if (!result) return "failed: " + result.error().message;
  return boost::json::serialize(*result);
}

}  // namespace chartmuseum::jmespath
