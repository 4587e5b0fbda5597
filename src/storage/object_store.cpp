// SPDX-License-Identifier: Apache-2.0
#include "storage/object_store.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <limits>
#include <utility>

namespace chartmuseum::storage {

bool ObjectInfo::same_content(const ObjectInfo& other) const {
  if (!etag.empty() && !other.etag.empty()) return etag == other.etag;
  return size == other.size && modified == other.modified;
}

Task<> FolderWatch::caught_up() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (alive() && !up_to_date()) {
    timer.expires_after(std::chrono::milliseconds(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

Task<Result<std::optional<ObjectStart>>> ObjectStore::get_start(std::string key,
                                                                std::uint64_t /*size*/) {
  Task<Result<std::optional<Object>>> getting =
      get(std::move(key), std::numeric_limits<std::uint64_t>::max());
  auto object = co_await std::move(getting);
  if (!object) co_return std::unexpected(std::move(object.error()));
  if (!*object) co_return std::nullopt;
  co_return ObjectStart{std::move((*object)->info), std::move((*object)->bytes), std::nullopt};
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): those who override it keep them.
std::unique_ptr<FolderWatch> ObjectStore::watch(std::string /*folder*/, OnChange /*on_change*/) {
  return nullptr;
}

Task<Result<std::optional<std::string>>> ObjectStore::folder_stamp(std::string /*folder*/) {
  co_return std::nullopt;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): those who override it keep it.
Task<Result<std::optional<std::string>>> ObjectStore::download_url(std::string /*key*/,
                                                                   std::chrono::seconds /*valid*/) {
  co_return std::nullopt;
}

}  // namespace chartmuseum::storage
