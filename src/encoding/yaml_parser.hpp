// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "encoding/value.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::encoding {

struct YamlError {
  /// In the reference two steps may object: its YAML reader, and the conversion of what was read
  /// to JSON, which knows neither all keys nor infinite numbers.
  enum class Step { yaml, json };

  std::size_t line = 0;  // from 1; 0 where the problem has no place
  std::string problem;
  Step step = Step::yaml;

  /// As Go words it: "yaml: line 3: did not find expected key"; from the second step just the
  /// problem: "json: unsupported value: +Inf".
  [[nodiscard]] std::string message() const;

  bool operator==(const YamlError&) const = default;
};

/// What reading may cost beyond what the size of the texts accounts for, in steps of a few
/// nanoseconds. Texts that come together, as those of one package, share one: each of many small
/// ones could use up its own.
struct YamlBudget {
  std::uint64_t steps = 200'000'000;

  /// False, and nothing is left, if that is more than there was.
  bool spend(std::uint64_t amount) {
    const bool enough = amount <= steps;
    steps = enough ? steps - amount : 0;
    return enough;
  }
};

/// Parses the first document of `text` by the rules of docs/design/yaml.md (YAML 1.1 as the Go
/// port of libyaml reads it). An empty document is null. Time and memory are bounded by the size
/// of `text` and by the budget.
///
/// Infinite numbers and NaN are kept, because a string field takes them as text. For every part
/// of the value that is not decoded into a string field, ask find_unsupported_number.
[[nodiscard]] std::expected<Value, YamlError> parse_yaml(std::string_view text, YamlBudget& budget);
[[nodiscard]] std::expected<Value, YamlError> parse_yaml(std::string_view text);

enum class YamlRoot { null, mapping, list, scalar };

/// Accepts and refuses exactly the texts that parse_yaml with find_unsupported_number does, but
/// keeps nothing: for files that only have to be readable (values.yaml), at little more than the
/// cost of libyaml's events.
[[nodiscard]] std::expected<YamlRoot, YamlError> check_yaml(std::string_view text,
                                                            YamlBudget& budget);
[[nodiscard]] std::expected<YamlRoot, YamlError> check_yaml(std::string_view text);

/// The error ("json: unsupported value: +Inf") if an infinite number or NaN stands anywhere in
/// `value`; keys do not count, they are text.
[[nodiscard]] std::optional<YamlError> find_unsupported_number(const Value& value);

}  // namespace chartmuseum::encoding
