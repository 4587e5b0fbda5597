// SPDX-License-Identifier: Apache-2.0
#include "auth/web_address.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace chartmuseum::auth {

namespace {

constexpr std::size_t kLongest = 2048;

/// Of RFC 3986's unreserved and reserved characters and "%", all but "#" and "@", which are of no
/// use here and make URLs look like what they are not.
bool plain(char c) {
  return c > ' ' && c < 0x7F && std::string_view("\"#<>@\\^`{|}").find(c) == std::string_view::npos;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

/// The host of "host", "host:8080" or "[::1]:8080"; nothing if it is none of these.
std::optional<std::string> host_of(std::string_view authority) {
  std::size_t end = authority.find(':');
  if (authority.starts_with('[')) {
    end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    ++end;
  }
  std::string_view host = authority.substr(0, end);
  std::string_view port = authority.substr(host.size());
  if (!port.empty()) {
    if (!port.starts_with(':')) return std::nullopt;
    port.remove_prefix(1);
    const bool digits = std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    if (port.empty() || port.size() > 5 || !digits) return std::nullopt;
  }
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  if (host.empty()) return std::nullopt;
  return std::string(host);
}

}  // namespace

std::optional<WebAddress> WebAddress::read(std::string_view url) {
  if (url.size() > kLongest || !std::ranges::all_of(url, plain)) return std::nullopt;
  WebAddress address;
  if (url.starts_with("https://")) {
    address.https = true;
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
  } else {
    return std::nullopt;
  }
  const auto host = host_of(url.substr(0, url.find_first_of("/?")));
  if (!host) return std::nullopt;
  address.loopback = is_loopback(*host);
  address.query = url.find('?') != std::string_view::npos;
  return address;
}

}  // namespace chartmuseum::auth
