// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/expression.hpp"
#include "jmespath/placeholders.hpp"
#include "jmespath/syntax_tree.hpp"
#include "jmespath/token.hpp"

#include <cstddef>
#include <expected>
#include <vector>

namespace chartmuseum::jmespath {

/// Builds the tree of `tokens`, no deeper than `depth`.
[[nodiscard]] std::expected<SyntaxTree, CompileError> parse(std::vector<Token> tokens,
                                                            const Placeholders& placeholders,
                                                            std::size_t depth);

}  // namespace chartmuseum::jmespath
