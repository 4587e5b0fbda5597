// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/placeholders.hpp"
#include "jmespath/syntax_tree.hpp"
#include "jmespath/values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <deque>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::jmespath {

/// One search. Every value that is made on the way is kept until the search ends, so that values
/// are passed on as pointers, into the document or among these; a list of a thousand items is
/// walked through without a copy. The budget bounds how much is made. Calls itself no deeper than
/// the tree is.
class Evaluation {
 public:
  /// All of these must outlive it.
  Evaluation(const SyntaxTree& tree, const Placeholders& placeholders,
             std::span<const Binding> bindings, const SearchLimits& limits);

  Found evaluate(NodeId node, const boost::json::value& current);

  [[nodiscard]] Budget& budget() { return budget_; }
  /// Keeps `value`, whose parts are paid for.
  Found keep(boost::json::value value);
  /// Keeps a string and pays for it.
  Found keep_text(std::string_view text);

  static std::unexpected<EvaluationError> over_limit();
  static std::unexpected<EvaluationError> wrong_type(std::string message);

  // One for each alternative of Node.
  Found operator()(const Current& node, const boost::json::value& current);
  Found operator()(const Field& node, const boost::json::value& current);
  Found operator()(const Literal& node, const boost::json::value& current);
  Found operator()(const Index& node, const boost::json::value& current);
  Found operator()(const Slice& node, const boost::json::value& current);
  Found operator()(const Sequence& node, const boost::json::value& current);
  Found operator()(const Flatten& node, const boost::json::value& current);
  Found operator()(const ListProjection& node, const boost::json::value& current);
  Found operator()(const ObjectProjection& node, const boost::json::value& current);
  Found operator()(const FilterProjection& node, const boost::json::value& current);
  Found operator()(const MultiSelectList& node, const boost::json::value& current);
  Found operator()(const MultiSelectHash& node, const boost::json::value& current);
  Found operator()(const Or& node, const boost::json::value& current);
  Found operator()(const And& node, const boost::json::value& current);
  Found operator()(const Not& node, const boost::json::value& current);
  Found operator()(const Comparison& node, const boost::json::value& current);
  Found operator()(const Call& node, const boost::json::value& current);

 private:
  using Text = std::expected<std::string_view, EvaluationError>;

  /// Appends a copy of what `each` gives for `item`; null is left out.
  std::optional<EvaluationError> project(boost::json::array& results, NodeId each,
                                         const boost::json::value& item);
  Found filled(std::size_t place);
  Text text(const Name& name);
  std::expected<boost::json::value, EvaluationError> fill(const boost::json::value& value);

  const SyntaxTree& tree_;
  const Placeholders& placeholders_;
  std::span<const Binding> bindings_;
  Budget budget_;
  std::deque<boost::json::value> kept_;
  std::vector<const boost::json::value*> filled_;  // as SyntaxTree::fillings; null: not yet
};

}  // namespace chartmuseum::jmespath
