// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::http {

/// `form-data; name="chart"; filename*=UTF-8''a%20b.tgz`: a value with parameters.
struct ParameterizedValue {
  std::string value;                                            // in lower case
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case

  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
};

/// Reads Content-Type and Content-Disposition (RFC 9110, 5.6.6; RFC 2183; RFC 8187 for `name*`,
/// which goes before `name`). In a quoted string a backslash escapes only what needs it, so that
/// "C:\charts\a.tgz" of old browsers survives. Nothing if it is malformed or names a parameter
/// twice, as Go's mime.ParseMediaType has it.
[[nodiscard]] std::optional<ParameterizedValue> parse_parameters(std::string_view text);

}  // namespace chartmuseum::http
