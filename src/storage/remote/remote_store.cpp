// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/remote_store.hpp"

#include "storage/object_key.hpp"
#include "storage/remote/hashes.hpp"
#include "storage/remote/remote_stream.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <utility>

namespace chartmuseum::storage {

namespace {

std::unexpected<Failure> invalid(const std::string& key) {
  return std::unexpected(Failure{FailureKind::invalid, "not a valid key: " + key});
}

std::unexpected<Failure> unavailable(const std::string& key, const std::string& problem) {
  return std::unexpected(Failure{FailureKind::unavailable, "reading " + key + ": " + problem});
}

/// Names it as the API does when it serves it.
std::string content_type_of(std::string_view name) {
  if (name.ends_with(".tgz")) return "application/x-tar";
  if (name.ends_with(".prov")) return "application/pgp-signature";
  if (name.ends_with(".yaml")) return "application/yaml";
  return "application/octet-stream";
}

std::string random_id() {
  std::random_device random;
  std::array<std::random_device::result_type, 4> words{};
  std::ranges::generate(words, std::ref(random));
  std::array<char, sizeof words> bytes{};
  std::memcpy(bytes.data(), words.data(), bytes.size());
  return hex({bytes.data(), bytes.size()});
}

// At the end of the ids of uploads whose caller told the digest. A digest is stored with every
// object, to check its bytes by; it is told only if the caller vouched for it.
constexpr std::string_view kDigestTold = ".told";

std::optional<Digest> told_digest(const Described& described) {
  return described.upload.ends_with(kDigestTold) ? described.digest : std::nullopt;
}

class RemoteStore final : public ObjectStore {
 public:
  RemoteStore(std::shared_ptr<Caller> caller, std::shared_ptr<Protocol> protocol,
              std::string prefix)
      : caller_(std::move(caller)), protocol_(std::move(protocol)), prefix_(std::move(prefix)) {}

  Task<Result<std::optional<Object>>> get(std::string key, std::uint64_t limit) override {
    if (!valid_key(key)) co_return invalid(key);
    constexpr int kAttempts = 2;  // bytes that are not what was stored may be right the next time
    for (int attempt = 1;; ++attempt) {
      transport::Request request = protocol_->read(prefix_ + key);
      request.response_limit = std::max<std::uint64_t>(limit, kLongestAnswer);
      request.timeouts = timeouts_for(request.response_limit);
      Task<Result<transport::Response>> sending = caller_->send(std::move(request));
      auto answer = co_await std::move(sending);
      if (!answer) co_return std::unexpected(std::move(answer.error()));
      if (answer->status / 100 != 2) co_return absent_or<Object>(*answer);
      auto object = object_in(key, std::move(*answer), limit);
      if (object || object.error().kind != FailureKind::unavailable || attempt == kAttempts) {
        co_return object;
      }
    }
  }

  [[nodiscard]] bool knows_digests() const override { return true; }

  [[nodiscard]] std::size_t reads_at_once() const override { return kReadsOverNetwork; }

  Task<Result<std::optional<ObjectStart>>> get_start(std::string key, std::uint64_t size) override {
    if (!valid_key(key)) co_return invalid(key);
    constexpr unsigned kRepairs = 2;
    Task<Result<std::optional<ObjectStart>>> reading = read_start(key, size, kRepairs);
    auto start = co_await std::move(reading);
    const bool incomplete = start && *start && (*start)->bytes.size() < (*start)->info.size;
    if (!incomplete || !protocol_->read_hides_digest()) co_return start;
    Task<Result<std::optional<Described>>> looking = look(prefix_ + key);
    auto found = co_await std::move(looking);
    if (!found) co_return std::unexpected(std::move(found.error()));
    if (*found && (*found)->info.same_content((*start)->info)) {
      (*start)->digest = told_digest(**found);
    }
    co_return start;
  }

  Task<Result<std::optional<OpenObject>>> open(std::string key) override {
    if (!valid_key(key)) co_return invalid(key);
    transport::Request request = protocol_->read(prefix_ + key);
    request.response_limit = std::numeric_limits<std::uint64_t>::max();  // none of it is kept
    Task<Result<OpenedResponse>> opening = caller_->open(std::move(request));
    auto opened = co_await std::move(opening);
    if (!opened) co_return std::unexpected(std::move(opened.error()));
    if (!opened->body) co_return absent_or<OpenObject>(opened->head);
    auto described = protocol_->described_by_read(opened->head);
    if (!described) co_return std::unexpected(std::move(described.error()));
    const std::uint64_t size = described->info.size;
    co_return OpenObject{named(key, std::move(described->info)),
                         std::make_shared<RemoteStream>(caller_, protocol_, prefix_ + key,
                                                        std::move(*opened), size)};
  }

  Task<Result<std::optional<ObjectInfo>>> stat(std::string key) override {
    if (!valid_key(key)) co_return invalid(key);
    Task<Result<std::optional<Described>>> looking = look(prefix_ + key);
    auto described = co_await std::move(looking);
    if (!described) co_return std::unexpected(std::move(described.error()));
    if (!*described) co_return std::nullopt;
    co_return named(key, std::move((*described)->info));
  }

  Task<Result<ObjectInfo>> put(std::string key, Content content, PutCondition condition) override {
    if (!valid_key(key)) co_return invalid(key);
    Upload upload{.key = prefix_ + key,
                  .content = content,
                  .condition = condition,
                  .content_type = content_type_of(key),
                  .digest = content.digest() ? *content.digest() : Digest::of(content.pieces()),
                  .id = random_id()};
    if (content.digest()) upload.id += kDigestTold;
    const std::string id = upload.id;
    Task<Result<ObjectInfo>> putting = protocol_->put(std::move(upload));
    auto stored = co_await std::move(putting);
    if (stored) co_return named(key, std::move(*stored));
    if (stored.error().kind != FailureKind::conflict) co_return stored;
    // Perhaps with an attempt of our own, whose answer was lost.
    Task<Result<std::optional<Described>>> looking = look(prefix_ + key);
    auto described = co_await std::move(looking);
    if (!described) co_return std::unexpected(std::move(described.error()));
    if (!*described || (*described)->upload != id) co_return stored;
    co_return named(key, std::move((*described)->info));
  }

  /// Services differ in what they say of an object that is not there, some nothing; and an answer
  /// that was lost looks to the next attempt as if it had not been there. So it is looked for
  /// first.
  Task<Result<bool>> remove(std::string key) override {
    if (!valid_key(key)) co_return invalid(key);
    Task<Result<std::optional<Described>>> looking = look(prefix_ + key);
    auto described = co_await std::move(looking);
    if (!described) co_return std::unexpected(std::move(described.error()));
    if (!*described) co_return false;
    Task<Result<transport::Response>> sending = caller_->send(protocol_->remove(prefix_ + key));
    auto answer = co_await std::move(sending);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (answer->status / 100 == 2) co_return true;
    if (auto failure = protocol_->refusal(*answer)) co_return std::unexpected(std::move(*failure));
    co_return true;
  }

  Task<Result<std::vector<ObjectInfo>>> list(std::string folder) override {
    if (!folder.empty() && !valid_key(folder)) co_return invalid(folder);
    Task<Result<std::vector<ObjectInfo>>> listing =
        protocol_->list(folder.empty() ? prefix_ : prefix_ + folder + '/');
    auto objects = co_await std::move(listing);
    // The name of a folder that was made by hand, or one that could not be asked for.
    if (objects) {
      std::erase_if(*objects, [](const ObjectInfo& object) { return !valid_segment(object.name); });
    }
    co_return objects;
  }

  Task<Result<std::optional<std::string>>> download_url(std::string key,
                                                        std::chrono::seconds valid) override {
    if (!valid_key(key)) co_return invalid(key);
    Task<Result<std::optional<std::string>>> making = protocol_->download_url(prefix_ + key, valid);
    co_return co_await std::move(making);
  }

 private:
  static constexpr std::uint64_t kLongestAnswer = 64UL * 1024;  // of a refusal

  static ObjectInfo named(const std::string& key, ObjectInfo info) {
    info.name = split_key(key).name;
    return info;
  }

  template <class T>
  Result<std::optional<T>> absent_or(const transport::Response& answer) const {
    auto failure = protocol_->refusal(answer);
    if (failure) return std::unexpected(std::move(*failure));
    return std::nullopt;
  }

  Result<std::optional<Object>> object_in(const std::string& key, transport::Response answer,
                                          std::uint64_t limit) const {
    auto described = protocol_->described_by_read(answer);
    if (!described) return std::unexpected(std::move(described.error()));
    if (answer.body.size() > limit) {
      return std::unexpected(Failure{FailureKind::invalid, key + " is larger than allowed"});
    }
    if (answer.body.size() != described->info.size) {
      return unavailable(key, "it has another number of bytes than it was said to have");
    }
    if (const auto check = protocol_->body_check(answer)) {
      check->add(answer.body);
      if (!check->intact()) return unavailable(key, "its bytes are not what was stored");
    }
    return Object{named(key, std::move(described->info)), std::move(answer.body)};
  }

  Task<Result<std::optional<ObjectStart>>> read_start(std::string key, std::uint64_t size,
                                                      unsigned repairs_left) {
    transport::Request request = protocol_->read(prefix_ + key);
    request.headers.set("Range", "bytes=0-" + std::to_string(std::max<std::uint64_t>(size, 1) - 1));
    Task<Result<OpenedResponse>> opening = caller_->open(std::move(request));
    auto opened = co_await std::move(opening);
    if (!opened) co_return std::unexpected(std::move(opened.error()));
    if (opened->head.status == 416) {  // which is what an empty object has
      Task<Result<std::optional<Object>>> getting = get(key, std::max<std::uint64_t>(size, 1));
      auto object = co_await std::move(getting);
      if (!object) co_return std::unexpected(std::move(object.error()));
      if (!*object) co_return std::nullopt;
      co_return ObjectStart{std::move((*object)->info), std::move((*object)->bytes), std::nullopt};
    }
    if (!opened->body) co_return absent_or<ObjectStart>(opened->head);
    auto described = protocol_->described_by_read(opened->head);
    if (!described) co_return std::unexpected(std::move(described.error()));
    ObjectStart start{named(key, std::move(described->info)), {}, told_digest(*described)};
    const std::uint64_t wanted = std::min(size, start.info.size);
    while (start.bytes.size() < wanted) {
      Task<transport::Result<std::string>> reading = opened->body->next();
      auto piece = co_await std::move(reading);
      const bool broken = !piece || piece->empty();
      if (broken && repairs_left > 0) {
        opened->body.reset();
        Task<Result<std::optional<ObjectStart>>> again = read_start(key, size, repairs_left - 1);
        co_return co_await std::move(again);
      }
      if (!piece) co_return std::unexpected(failure_of(std::move(piece.error())));
      if (piece->empty()) co_return unavailable(key, "its bytes ended too early");
      start.bytes += *piece;
    }
    co_return start;
  }

  Task<Result<std::optional<Described>>> look(std::string key) {
    Task<Result<transport::Response>> sending = caller_->send(protocol_->look(key));
    auto answer = co_await std::move(sending);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (answer->status / 100 == 2) {
      auto described = protocol_->described_by_look(*answer);
      if (!described) co_return std::unexpected(std::move(described.error()));
      co_return std::move(*described);
    }
    const bool clear = answer->status == 429 || answer->status >= 500;
    if (protocol_->look_hides_reason() && !clear) {
      // An answer to HEAD has no body, and it is the body that says whether it is the object or all
      // that is missing.
      transport::Request request = protocol_->read(key);
      request.headers.set("Range", "bytes=0-0");
      Task<Result<OpenedResponse>> opening = caller_->open(std::move(request));
      auto opened = co_await std::move(opening);
      if (!opened) co_return std::unexpected(std::move(opened.error()));
      // Of an object that has come meanwhile, or that renewed credentials may see.
      if (opened->body) {
        auto described = protocol_->described_by_read(opened->head);
        if (!described) co_return std::unexpected(std::move(described.error()));
        co_return std::move(*described);
      }
      co_return absent_or<Described>(opened->head);
    }
    co_return absent_or<Described>(*answer);
  }

  const std::shared_ptr<Caller> caller_;
  const std::shared_ptr<Protocol> protocol_;
  const std::string prefix_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_remote_store(std::shared_ptr<Caller> caller,
                                               std::shared_ptr<Protocol> protocol,
                                               std::string prefix) {
  return std::make_unique<RemoteStore>(std::move(caller), std::move(protocol), std::move(prefix));
}

}  // namespace chartmuseum::storage
