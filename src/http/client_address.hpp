// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/headers.hpp"
#include "http/trusted_proxies.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>

namespace chartmuseum::http {

/// The address as text, without port or zone; an IPv4 address that came through an IPv6 socket
/// (RFC 4291, 2.5.5.2) as the IPv4 address that it is.
[[nodiscard]] std::string client_address(const boost::asio::ip::address& peer);

/// Who sent `request` that came from `peer`: as long as the last sender that is known is a trusted
/// proxy, what that one says, from the right of X-Forwarded-For to its left, or X-Real-Ip where
/// there is no X-Forwarded-For. What stands further left anybody may have written. A part that is
/// no address ends the search.
[[nodiscard]] boost::asio::ip::address forwarded_client_address(
    const Headers& request, const boost::asio::ip::address& peer, const TrustedProxies& trusted);

}  // namespace chartmuseum::http
