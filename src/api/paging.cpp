// SPDX-License-Identifier: Apache-2.0
#include "api/paging.hpp"

#include <charconv>
#include <cstdint>

namespace chartmuseum::api {

namespace {

/// A decimal integer with an optional sign, as Go's strconv.Atoi takes it.
std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.begin(), text.end(), number);
  if (error != std::errc() || stop != text.end()) return std::nullopt;
  return number;
}

}  // namespace

std::expected<Page, std::string_view> read_page(const http::Target& target) {
  Page page;
  if (const auto text = target.query("offset")) {
    const auto offset = parse_integer(*text);
    if (!offset || *offset < 0) {
      return std::unexpected("offset is not a valid non-negative integer");
    }
    page.offset = static_cast<std::size_t>(*offset);
  }
  if (const auto text = target.query("limit")) {
    const auto limit = parse_integer(*text);
    if (!limit || *limit <= 0) return std::unexpected("limit is not a valid positive integer");
    page.limit = static_cast<std::size_t>(*limit);
  }
  return page;
}

}  // namespace chartmuseum::api
