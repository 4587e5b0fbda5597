// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace chartmuseum::transport {

/// Which proxy requests go through. Empty: none.
struct Proxies {
  std::string http;    // for http URLs
  std::string https;   // for https URLs, by CONNECT
  std::string except;  // hosts, ".domains" and networks (CIDR) with commas between them, or "*"

  /// http_proxy, https_proxy, all_proxy and no_proxy, each in either case, as the Go server reads
  /// them: HTTP_PROXY does not count within a CGI (https://httpoxy.org), and this machine itself is
  /// never asked for through a proxy.
  [[nodiscard]] static Proxies from_environment();
  [[nodiscard]] static Proxies from(
      const std::function<std::string(std::string_view name)>& environment);

  [[nodiscard]] const std::string& proxy_for(std::string_view url) const;
};

}  // namespace chartmuseum::transport
