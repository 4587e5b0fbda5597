// SPDX-License-Identifier: Apache-2.0
#include "http/client_address.hpp"

#include "http/syntax.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace chartmuseum::http {

namespace ip = boost::asio::ip;

namespace {

/// An address, perhaps in brackets and with a port as some proxies write it: 192.0.2.1:443,
/// [::1]:443.
std::optional<ip::address> parse_address(std::string_view text) {
  text = trim(text);
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (text.find(':') == text.rfind(':')) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code error;
  auto address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return address;
}

/// The fields' lists in reverse, all as one (RFC 9110, 5.3). Quotes have no meaning here: with one
/// of them a client could hide what the proxy writes behind it.
class ReversedList {
 public:
  ReversedList(const Headers& headers, std::string_view name)
      : name_(name), field_(headers.fields().rbegin()), end_(headers.fields().rend()) {}

  std::optional<std::string_view> next() {
    while (!rest_) {
      if (field_ == end_) return std::nullopt;
      if (equal_ignoring_case(field_->first, name_)) rest_ = field_->second;
      ++field_;
    }
    const std::size_t comma = rest_->rfind(',');
    if (comma == std::string_view::npos) return std::exchange(rest_, std::nullopt);
    const std::string_view element = rest_->substr(comma + 1);
    rest_ = rest_->substr(0, comma);
    return element;
  }

 private:
  using Fields = std::vector<Headers::Field>;
  std::string_view name_;
  Fields::const_reverse_iterator field_;
  Fields::const_reverse_iterator end_;
  std::optional<std::string_view> rest_;
};

}  // namespace

std::string client_address(const ip::address& peer) {
  if (peer.is_v4()) return peer.to_string();
  auto v6 = peer.to_v6();
  if (v6.is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, v6).to_string();
  }
  v6.scope_id(0);
  return v6.to_string();
}

ip::address forwarded_client_address(const Headers& request, const ip::address& peer,
                                     const TrustedProxies& trusted) {
  ip::address client = peer;
  const bool forwarded = request.get("X-Forwarded-For").has_value();
  ReversedList senders(request, forwarded ? "X-Forwarded-For" : "X-Real-Ip");
  while (trusted.contains(client)) {
    const auto element = senders.next();
    const auto sender = element ? parse_address(*element) : std::nullopt;
    if (!sender) break;
    client = *sender;
  }
  return client;
}

}  // namespace chartmuseum::http
