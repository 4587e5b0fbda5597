// SPDX-License-Identifier: Apache-2.0
#include "jmespath/expression.hpp"

#include "jmespath/evaluation.hpp"
#include "jmespath/lexer.hpp"
#include "jmespath/parser.hpp"
#include "jmespath/placeholders.hpp"
#include "jmespath/syntax_tree.hpp"
#include "jmespath/values.hpp"

#include <utility>

namespace chartmuseum::jmespath {

std::string CompileError::describe() const {
  return "at byte " + std::to_string(offset) + ": " + message;
}

struct Expression::Compiled {
  Placeholders placeholders;
  SyntaxTree tree;
};

Expression::Expression(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

std::expected<Expression, CompileError> Expression::compile(
    std::string_view text, std::span<const std::string_view> placeholders,
    const CompileLimits& limits) {
  if (text.size() > limits.size) {
    return std::unexpected(CompileError{
        CompileError::Kind::too_large,
        "the expression is longer than " + std::to_string(limits.size) + " bytes", limits.size});
  }
  auto tokens = tokenize(text);
  if (!tokens) return std::unexpected(std::move(tokens.error()));
  Placeholders names(placeholders);
  auto tree = parse(*std::move(tokens), names, limits.depth);
  if (!tree) return std::unexpected(std::move(tree.error()));
  return Expression(std::make_shared<const Compiled>(Compiled{std::move(names), *std::move(tree)}));
}

std::expected<boost::json::value, EvaluationError> Expression::search(
    const boost::json::value& document, std::span<const Binding> bindings,
    const SearchLimits& limits) const {
  Evaluation evaluation(compiled_->tree, compiled_->placeholders, bindings, limits);
  const Found found = evaluation.evaluate(compiled_->tree.root, document);
  if (!found) return std::unexpected(found.error());
  auto result = copy(**found, evaluation.budget());
  if (!result) return Evaluation::over_limit();
  return *std::move(result);
}

}  // namespace chartmuseum::jmespath
