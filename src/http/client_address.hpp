// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/headers.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>

namespace chartmuseum::http {

/// The address as text, without port or zone; an IPv4 address that came through an IPv6 socket
/// (RFC 4291, 2.5.5.2) as the IPv4 address that it is.
[[nodiscard]] std::string client_address(const boost::asio::ip::address& peer);

/// For the access log, as the Go server fills clientIP: the first address of X-Forwarded-For if
/// all of it are addresses, else X-Real-Ip, else `peer`. A client can claim anything there:
/// good for the log, never for a decision.
[[nodiscard]] std::string claimed_client_address(const Headers& request, const std::string& peer);

}  // namespace chartmuseum::http
