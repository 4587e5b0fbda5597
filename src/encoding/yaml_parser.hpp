// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "encoding/value.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace chartmuseum::encoding {

struct YamlError {
  std::size_t line = 0;  // from 1; 0 where the problem has no place
  std::string problem;

  /// As Go words it: "yaml: line 3: did not find expected key".
  [[nodiscard]] std::string message() const;
};

/// Parses the first document of `text` by the rules of docs/design/yaml.md (YAML 1.1 as the Go
/// port of libyaml reads it). An empty document is null. Time and memory are bounded by the size
/// of `text` (depth, aliases).
[[nodiscard]] std::expected<Value, YamlError> parse_yaml(std::string_view text);

enum class YamlRoot { null, mapping, list, scalar };

/// As parse_yaml, accepting and refusing exactly the same texts, but keeps nothing: for files
/// that only have to be readable (values.yaml), several times as fast.
[[nodiscard]] std::expected<YamlRoot, YamlError> check_yaml(std::string_view text);

}  // namespace chartmuseum::encoding
