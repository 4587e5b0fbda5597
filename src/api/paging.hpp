// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/target.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string_view>

namespace chartmuseum::api {

/// Which charts of a list are wanted.
struct Page {
  std::size_t offset = 0;
  std::optional<std::size_t> limit;

  bool operator==(const Page&) const = default;
};

/// From ?offset=N&limit=M; an error is the contract's text, offset before limit.
[[nodiscard]] std::expected<Page, std::string_view> read_page(const http::Target& target);

}  // namespace chartmuseum::api
