// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/expression.hpp"
#include "jmespath/token.hpp"

#include <expected>
#include <string_view>
#include <vector>

namespace chartmuseum::jmespath {

/// The tokens of an expression, the last of them Token::Kind::end. Escapes are resolved and JSON
/// literals parsed, so that nothing behind this step looks at quotes again.
[[nodiscard]] std::expected<std::vector<Token>, CompileError> tokenize(std::string_view expression);

}  // namespace chartmuseum::jmespath
