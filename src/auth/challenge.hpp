// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/action.hpp"

#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// Values of WWW-Authenticate (RFC 9110, section 11.6.1). Whatever the parts hold, each is one
/// quoted-string (section 5.6.4): quotes and backslashes are escaped, control characters, which
/// no header can hold, are percent-encoded.

/// Basic realm="ChartMuseum" (RFC 7617)
[[nodiscard]] std::string basic_challenge(std::string_view realm);

/// Bearer realm="<realm>",service="<service>",scope="artifact-repository:<repository>:<action>"
/// as the Go server asks for tokens. `repository` is empty at depth 0.
[[nodiscard]] std::string bearer_challenge(std::string_view realm, std::string_view service,
                                           std::string_view repository, Action action);

}  // namespace chartmuseum::auth
