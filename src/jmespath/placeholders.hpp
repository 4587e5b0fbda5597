// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/expression.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::jmespath {

/// The names that stand for values in an expression's texts.
class Placeholders {
 public:
  explicit Placeholders(std::span<const std::string_view> names);

  [[nodiscard]] bool occur_in(std::string_view text) const;
  /// In any string or key of `literal`, whose depth the JSON parser has bounded.
  [[nodiscard]] bool occur_in(const boost::json::value& literal) const;

  /// `text` with the bound values; an error names a placeholder that has none.
  [[nodiscard]] std::expected<std::string, EvaluationError> fill(
      std::string_view text, std::span<const Binding> bindings) const;

 private:
  struct Place {
    std::size_t begin = std::string_view::npos;
    std::string_view name;
  };
  [[nodiscard]] Place first_in(std::string_view text) const;

  std::vector<std::string> names_;  // longest first, none empty
};

}  // namespace chartmuseum::jmespath
