// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::storage {

/// `text` with every byte but RFC 3986's unreserved characters (A-Z a-z 0-9 - . _ ~) and those of
/// `kept` as "%XX".
[[nodiscard]] std::string percent_encoded(std::string_view text, std::string_view kept = {});

/// `text` with every "%XX" as its byte; what is no such thing stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

/// The name and value of each parameter, as they are.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// "a=1&b=2%2F3", in the order given; without "?".
[[nodiscard]] std::string query_string(const QueryParameters& parameters);

}  // namespace chartmuseum::storage
