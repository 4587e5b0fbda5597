// SPDX-License-Identifier: Apache-2.0
#include "transport/headers.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::transport {
void Headers::add(std::string name, std::string value) {
  headers_.push_back({std::move(name), std::move(value)});
}

void Headers::set(std::string name, std::string value) {
  std::erase_if(headers_,
                [&](const Header& header) { return equal_ignoring_case(header.name, name); });
  add(std::move(name), std::move(value));
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers_, [&](const Header& header) { return equal_ignoring_case(header.name, name); });
  if (found == headers_.end()) return std::nullopt;
  return found->value;
}

bool is_sendable(const Header& header) {
  return is_token(header.name) && std::ranges::none_of(header.value, [](char c) {
           return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7F';
         });
}

}  // namespace chartmuseum::transport
