// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::encoding {

/// Both from 1; 0 where there is no place to tell.
struct YamlPlace {
  std::size_t line = 0;
  std::size_t column = 0;

  bool operator==(const YamlPlace&) const = default;
};

struct YamlProblem {
  YamlPlace place;
  std::string problem;

  /// "line 3, column 5: did not find expected key".
  [[nodiscard]] std::string message() const;
};

struct YamlMember;

/// A part of a document, and where it begins.
struct YamlNode {
  enum class Kind { scalar, list, mapping };

  Kind kind = Kind::scalar;
  YamlPlace place;
  std::string text;                 // a scalar's, as it is written
  bool plain = false;               // a scalar without quotes
  std::vector<YamlNode> items;      // a list's
  std::vector<YamlMember> members;  // a mapping's, in their order; the keys are unique

  /// What stands for nothing: `key:` with nothing behind it, ~ or null.
  [[nodiscard]] bool is_null() const;
};

struct YamlMember {
  YamlNode key;  // a scalar
  YamlNode value;
};

/// Reads a file that people write for this server, so that whatever is wrong in it can be told with
/// its place. Plain on purpose: one document; no anchors, aliases, tags and merge keys, no key
/// twice, no collection as a key, and nothing nested deeper than 16. Scalars stay text: `no` is
/// "no". An empty text is null. For what Helm and its users exchange there is parse_yaml, which
/// reads as the reference does.
[[nodiscard]] std::expected<YamlNode, YamlProblem> parse_yaml_tree(std::string_view text);

}  // namespace chartmuseum::encoding
