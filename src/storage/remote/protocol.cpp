// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/protocol.hpp"

#include <utility>

namespace chartmuseum::storage {

transport::Request Protocol::read_on(const std::string& key, const transport::Response& head,
                                     std::uint64_t offset) const {
  transport::Request request = read(key);
  request.headers.set("Range", "bytes=" + std::to_string(offset) + "-");
  if (const auto etag = head.headers.get("etag")) {
    request.headers.set("If-Match", std::string(*etag));
  }
  return request;
}

std::unique_ptr<BodyCheck> Protocol::body_check(const transport::Response& /*head*/) const {
  return nullptr;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): those who override it keep it.
Task<Result<std::optional<std::string>>> Protocol::download_url(std::string /*key*/,
                                                                std::chrono::seconds /*valid*/) {
  co_return std::nullopt;
}

}  // namespace chartmuseum::storage
