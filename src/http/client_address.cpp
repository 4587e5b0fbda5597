// SPDX-License-Identifier: Apache-2.0
#include "http/client_address.hpp"

#include "http/syntax.hpp"

#include <optional>

namespace chartmuseum::http {

namespace {

std::optional<std::string> first_address(std::string_view list) {
  std::optional<std::string> first;
  while (const auto element = take_list_element(list)) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(std::string(*element), error);
    if (error) return std::nullopt;
    if (!first) first = client_address(address);
  }
  return first;
}

}  // namespace

std::string client_address(const boost::asio::ip::address& peer) {
  if (peer.is_v4()) return peer.to_string();
  auto v6 = peer.to_v6();
  if (v6.is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
  }
  v6.scope_id(0);
  return v6.to_string();
}

std::string claimed_client_address(const Headers& request, const std::string& peer) {
  for (const std::string_view name : {"X-Forwarded-For", "X-Real-Ip"}) {
    if (const auto claim = request.get(name)) {
      if (auto address = first_address(*claim)) return *address;
    }
  }
  return peer;
}

}  // namespace chartmuseum::http
