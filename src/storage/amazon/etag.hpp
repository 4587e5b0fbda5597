// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chartmuseum::storage::amazon {

/// An entity tag without its quotes, as services differ in whether they write them.
[[nodiscard]] inline std::string unquoted(std::string_view etag) {
  if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"')) {
    etag = etag.substr(1, etag.size() - 2);
  }
  return std::string(etag);
}

}  // namespace chartmuseum::storage::amazon
