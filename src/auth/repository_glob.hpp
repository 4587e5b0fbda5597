// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::auth {

/// A pattern for the names of repositories, segment by segment as `/` divides them: `*` stands for
/// any characters within a segment, `?` for one, `**` as a whole segment for any number of
/// segments, even none. A `.` is the one repository of a server without depth, whose name is empty.
class RepositoryGlob {
 public:
  /// The error says what is wrong with the pattern: "an empty segment", ...
  [[nodiscard]] static std::expected<RepositoryGlob, std::string> parse(std::string_view pattern);

  /// Takes at most time in proportion to the product of both lengths. Case-sensitive.
  [[nodiscard]] bool matches(std::string_view repository) const;

  /// Whether it stands for every repository: `**`.
  [[nodiscard]] bool matches_all() const;

  auto operator<=>(const RepositoryGlob&) const = default;

 private:
  explicit RepositoryGlob(std::vector<std::string> segments) : segments_(std::move(segments)) {}

  std::vector<std::string> segments_;  // none for `.`
};

}  // namespace chartmuseum::auth
