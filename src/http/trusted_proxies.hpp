// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/address.hpp>

#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::http {

/// The networks of reverse proxies whose word about their clients is believed.
class TrustedProxies {
 public:
  struct Refusal {
    std::string part;    // as it was given
    std::string reason;  // "is no address or network"
  };
  /// Networks (RFC 4632: "10.0.0.0/8", "fd00::/8") and single addresses, separated by commas or
  /// spaces; "" is none. The error is about the first part that is neither.
  [[nodiscard]] static std::expected<TrustedProxies, Refusal> parse(std::string_view list);

  [[nodiscard]] bool empty() const { return networks_.empty(); }
  /// An IPv4 address is the same whether it comes as such or mapped (RFC 4291, 2.5.5.2).
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;

 private:
  using Bytes = std::array<unsigned char, 16>;
  struct Network {
    Bytes prefix;  // IPv4 mapped into IPv6
    unsigned bits;
  };
  [[nodiscard]] static Bytes bytes_of(const boost::asio::ip::address& address);
  [[nodiscard]] static std::expected<Network, Refusal> parse_network(std::string_view text);

  std::vector<Network> networks_;
};

}  // namespace chartmuseum::http
