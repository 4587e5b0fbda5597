// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chartmuseum::transport {

/// `url` as it may be logged: without user information, query and fragment, where credentials and
/// signatures stand (RFC 3986, section 3), and without control characters. Also of texts that are
/// no URL nothing is kept that stands in such a place.
[[nodiscard]] std::string redacted(std::string_view url);

/// Whether the scheme is that, in either case.
[[nodiscard]] bool has_scheme(std::string_view url, std::string_view scheme);

}  // namespace chartmuseum::transport
