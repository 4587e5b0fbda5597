// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// What a URL (RFC 3986) says about how safe it is to ask it.
struct WebAddress {
  bool https = false;     // else http
  bool loopback = false;  // localhost, 127.0.0.0/8 or ::1: what is sent leaves no machine
  bool query = false;

  /// Nothing if `url` is no plain http or https URL: with a host, without user information and
  /// fragment, of at most 2048 printable ASCII characters.
  [[nodiscard]] static std::optional<WebAddress> read(std::string_view url);
};

}  // namespace chartmuseum::auth
