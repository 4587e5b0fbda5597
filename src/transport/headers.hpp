// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ascii.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::transport {

struct Header {
  std::string name;
  std::string value;

  bool operator==(const Header&) const = default;
};

/// A message's header fields in their order. Names are compared without case (RFC 9110, 5.1).
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> headers) : headers_(headers) {}

  void add(std::string name, std::string value);
  /// Puts the field in the place of all of that name.
  void set(std::string name, std::string value);
  void clear() { headers_.clear(); }

  /// The first of that name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  [[nodiscard]] const std::vector<Header>& all() const { return headers_; }

 private:
  std::vector<Header> headers_;
};

/// Whether the field can be sent: a token for a name, and a value that ends no line (RFC
/// 9110, 5.5).
[[nodiscard]] bool is_sendable(const Header& header);

}  // namespace chartmuseum::transport
