// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace chartmuseum::jmespath {

/// Why a text is no expression.
struct CompileError {
  /// By the names of the JMESPath specification; `too_large` is ours: longer, or nested deeper,
  /// than CompileLimits has it.
  enum class Kind {
    syntax,
    unknown_function,
    invalid_arity,
    invalid_type,
    invalid_value,
    too_large
  };

  Kind kind = Kind::syntax;
  std::string message;     // "expected ']' but found the end of the expression"
  std::size_t offset = 0;  // in bytes from the expression's beginning

  /// Message and place in one line, for a log: "at byte 12: expected ...".
  [[nodiscard]] std::string describe() const;
};

/// Why an expression has no result for a document. Messages name functions, types and placeholders,
/// never anything of the document or of what is bound.
struct EvaluationError {
  enum class Kind {
    invalid_type,   // a function was called with a value that it does not take
    invalid_value,  // a number that JSON has no text for: the sum of huge ones
    unbound,        // a placeholder of the expression has no value
    limit           // SearchLimits
  };

  Kind kind = Kind::invalid_type;
  std::string message;
};

struct CompileLimits {
  std::size_t size = 16UL * 1024;  // bytes
  std::size_t depth = 256;  // operators within operators; bounds the stack that a search takes
};

/// What one search may cost, whatever the expression and the document are. The defaults end it
/// within some tenths of a second.
struct SearchLimits {
  std::uint64_t steps = 5'000'000;                    // of a few nanoseconds each
  std::uint64_t created_bytes = 32ULL * 1024 * 1024;  // of all values that are made on the way
  std::size_t depth = 512;                            // of values that are made or compared
};

/// A placeholder's value for one search.
struct Binding {
  std::string_view name;   // as given to compile
  std::string_view value;  // any bytes
};

/// A compiled JMESPath expression (https://jmespath.org/specification.html): all of its grammar and
/// functions. Unknown functions, wrong numbers of arguments and steps of zero are found when it is
/// compiled. Immutable, cheap to copy, and safe to use from many threads at once.
///
/// Placeholders are names such as "$NAMESPACE" that stand in the expression wherever text stands in
/// quotes: in raw strings ('org/$NAMESPACE'), in the strings and keys of JSON literals, and in
/// quoted identifiers. Each search puts values in their place. As the expression is read before,
/// a value is always text and nothing else, whatever quotes it holds; of several names that fit,
/// the longest counts, and values are not searched for names again.
class Expression {
 public:
  [[nodiscard]] static std::expected<Expression, CompileError> compile(
      std::string_view text, std::span<const std::string_view> placeholders = {},
      const CompileLimits& limits = {});

  /// What the expression finds in `document`; null if it finds nothing. `bindings` must name every
  /// placeholder that the expression uses; others are ignored.
  [[nodiscard]] std::expected<boost::json::value, EvaluationError> search(
      const boost::json::value& document, std::span<const Binding> bindings = {},
      const SearchLimits& limits = {}) const;

 private:
  struct Compiled;
  explicit Expression(std::shared_ptr<const Compiled> compiled);

  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace chartmuseum::jmespath
