// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport/failure.hpp"

#include <string_view>

namespace chartmuseum::transport {

/// What a CURLcode other than CURLE_OK means to us.
[[nodiscard]] FailureKind kind_of_curl_code(int code);

/// Words for it. `said` is what libcurl itself said (CURLOPT_ERRORBUFFER): it is used only where
/// that holds no more than names of hosts and certificates.
[[nodiscard]] std::string_view reason_for(int code, std::string_view said);

}  // namespace chartmuseum::transport
