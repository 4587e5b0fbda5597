// SPDX-License-Identifier: Apache-2.0
#include "transport/proxies.hpp"

#include "transport/url.hpp"

#include <cstdlib>

namespace chartmuseum::transport {

Proxies Proxies::from_environment() {
  return from([](std::string_view name) {
    const char* const value = std::getenv(std::string(name).c_str());
    return std::string(value != nullptr ? value : "");
  });
}

Proxies Proxies::from(const std::function<std::string(std::string_view name)>& environment) {
  const auto first = [&](std::string_view lower, std::string_view upper) {
    std::string value = environment(lower);
    return value.empty() ? environment(upper) : value;
  };
  const std::string all = first("all_proxy", "ALL_PROXY");
  const bool within_cgi = !environment("REQUEST_METHOD").empty();

  Proxies proxies;
  proxies.http = first("http_proxy", within_cgi ? "http_proxy" : "HTTP_PROXY");
  proxies.https = first("https_proxy", "HTTPS_PROXY");
  if (proxies.http.empty()) proxies.http = all;
  if (proxies.https.empty()) proxies.https = all;
  proxies.except = first("no_proxy", "NO_PROXY");
  if (proxies.except != "*") {
    proxies.except += proxies.except.empty() ? "" : ",";
    proxies.except += "localhost,127.0.0.0/8,::1";
  }
  return proxies;
}

const std::string& Proxies::proxy_for(std::string_view url) const {
  return has_scheme(url, "https") ? https : http;
}

}  // namespace chartmuseum::transport
