// SPDX-License-Identifier: Apache-2.0
#include "http/trusted_proxies.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace chartmuseum::http {

namespace ip = boost::asio::ip;

namespace {

/// Whether the first `bits` bits are the same.
bool same_prefix(const std::array<unsigned char, 16>& a, const std::array<unsigned char, 16>& b,
                 unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

}  // namespace

TrustedProxies::Bytes TrustedProxies::bytes_of(const ip::address& address) {
  const ip::address_v6 v6 =
      address.is_v6() ? address.to_v6() : ip::make_address_v6(ip::v4_mapped, address.to_v4());
  return v6.to_bytes();
}

std::expected<TrustedProxies::Network, TrustedProxies::Refusal> TrustedProxies::parse_network(
    std::string_view text) {
  const auto refuse = [&](std::string reason) {
    return std::unexpected(Refusal{.part = std::string(text), .reason = std::move(reason)});
  };
  const std::size_t slash = text.find('/');
  boost::system::error_code error;
  const auto address = ip::make_address(std::string(text.substr(0, slash)), error);
  if (error) return refuse("is no address or network; write it like 10.0.0.0/8 or fd00::/8");
  const unsigned most = address.is_v4() ? 32 : 128;
  unsigned bits = most;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [stop, failure] = std::from_chars(digits.begin(), digits.end(), bits);
    if (failure != std::errc() || stop != digits.end() || bits > most) {
      return refuse("has no prefix length from 0 to " + std::to_string(most) + " behind its slash");
    }
  }
  Network network{.prefix = bytes_of(address), .bits = bits + (128 - most)};
  Bytes all = network.prefix;
  for (unsigned bit = network.bits; bit < 128; ++bit) {
    all[bit / 8] = static_cast<unsigned char>(all[bit / 8] & ~(0x80U >> (bit % 8)));
  }
  // A typing error, most likely: 10.1.0.0/8 or 10.0.1.0/16?
  if (all != network.prefix) return refuse("has address bits behind its prefix");
  return network;
}

std::expected<TrustedProxies, TrustedProxies::Refusal> TrustedProxies::parse(
    std::string_view list) {
  constexpr std::string_view kSeparators = ", \t";
  TrustedProxies result;
  for (;;) {
    const std::size_t begin = list.find_first_not_of(kSeparators);
    if (begin == std::string_view::npos) return result;
    list.remove_prefix(begin);
    const std::string_view part = list.substr(0, list.find_first_of(kSeparators));
    list.remove_prefix(part.size());
    const auto network = parse_network(part);
    if (!network) return std::unexpected(network.error());
    result.networks_.push_back(*network);
  }
}

bool TrustedProxies::contains(const ip::address& address) const {
  const Bytes bytes = bytes_of(address);
  return std::ranges::any_of(networks_, [&](const Network& network) {
    return same_prefix(network.prefix, bytes, network.bits);
  });
}

}  // namespace chartmuseum::http
