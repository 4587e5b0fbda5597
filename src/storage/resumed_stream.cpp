// SPDX-License-Identifier: Apache-2.0
#include "storage/resumed_stream.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace chartmuseum::storage {

namespace {

class Remainder final : public ObjectStream {
 public:
  Remainder(std::string first, std::shared_ptr<ObjectStream> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}

  Task<Result<std::string>> next() override {
    if (!first_.empty() || !rest_) co_return std::exchange(first_, {});
    Task<Result<std::string>> reading = rest_->next();
    co_return co_await std::move(reading);
  }

 private:
  std::string first_;
  std::shared_ptr<ObjectStream> rest_;  // null: `first_` is all
};

std::unexpected<Failure> cannot_resume(const std::string& key) {
  return std::unexpected(Failure{FailureKind::unavailable, key + " changed while it was read"});
}

}  // namespace

Task<Result<std::shared_ptr<ObjectStream>>> open_at(std::shared_ptr<ObjectStore> store,
                                                    std::string key, std::string etag,
                                                    std::uint64_t at) {
  Task<Result<std::optional<OpenObject>>> opening = store->open(key);
  auto opened = co_await std::move(opening);
  if (!opened) co_return std::unexpected(std::move(opened.error()));
  if (!*opened || (*opened)->info.etag != etag || at > (*opened)->info.size) {
    co_return cannot_resume(key);
  }
  if (const auto* bytes = std::get_if<std::shared_ptr<const std::string>>(&(*opened)->content)) {
    co_return std::make_shared<Remainder>((*bytes)->substr(at), nullptr);
  }
  const auto* stream = std::get_if<std::shared_ptr<ObjectStream>>(&(*opened)->content);
  if (stream == nullptr) co_return cannot_resume(key);
  std::string rest;
  while (at > 0) {
    Task<Result<std::string>> reading = (*stream)->next();
    auto piece = co_await std::move(reading);
    if (!piece) co_return std::unexpected(std::move(piece.error()));
    if (piece->empty()) co_return cannot_resume(key);
    if (piece->size() > at) rest = piece->substr(at);
    at -= std::min<std::uint64_t>(at, piece->size());
  }
  co_return std::make_shared<Remainder>(std::move(rest), *stream);
}

}  // namespace chartmuseum::storage
