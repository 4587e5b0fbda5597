// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/task.hpp"
#include "storage/content.hpp"
#include "storage/failure.hpp"
#include "storage/object_store.hpp"
#include "transport/message.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::storage {

/// What an answer tells of an object.
struct Described {
  ObjectInfo info;  // without its name
  std::optional<Digest> digest;
  std::string upload;  // Upload::id, as it was stored with the object
};

/// An object to be stored.
struct Upload {
  std::string key;
  Content content;
  PutCondition condition = PutCondition::create_only;
  std::string content_type;
  Digest digest;  // of the content
  /// Mostly random. To be stored with the object, as is the digest: it tells whether it was this
  /// upload that came first, where the answer to it was lost.
  std::string id;
};

/// Checks a body while it is read.
class BodyCheck {
 public:
  virtual ~BodyCheck() = default;
  virtual void add(std::string_view bytes) = 0;
  /// At the end.
  [[nodiscard]] virtual bool intact() = 0;
};

/// How a service that keeps objects behind HTTP is spoken to: one vendor's requests and answers.
/// RemoteStore makes an ObjectStore of it. Keys are whole, with the prefix. Requests are not yet
/// authorized. Thread-safe.
class Protocol {
 public:
  virtual ~Protocol() = default;

  // Single objects.

  /// For the object's bytes.
  [[nodiscard]] virtual transport::Request read(const std::string& key) const = 0;
  /// For those from `offset` on, if the object is still the one that `head` was the answer for.
  /// This one adds Range and If-Match.
  [[nodiscard]] virtual transport::Request read_on(const std::string& key,
                                                   const transport::Response& head,
                                                   std::uint64_t offset) const;
  /// For what is known of it.
  [[nodiscard]] virtual transport::Request look(const std::string& key) const = 0;
  [[nodiscard]] virtual transport::Request remove(const std::string& key) const = 0;

  /// Of an answer 200 or 206 to read(), less its body: `size` is that of the whole object.
  [[nodiscard]] virtual Result<Described> described_by_read(
      const transport::Response& head) const = 0;
  /// Of an answer 200 to look().
  [[nodiscard]] virtual Result<Described> described_by_look(
      const transport::Response& answer) const = 0;
  /// Null if the answer brings nothing to check its body by.
  [[nodiscard]] virtual std::unique_ptr<BodyCheck> body_check(
      const transport::Response& head) const;

  /// What an answer other than 2xx means: nothing if it is that the object is absent. The detail
  /// says what to look after, where the user can (a bucket that is not there, no permission).
  [[nodiscard]] virtual std::optional<Failure> refusal(const transport::Response& answer) const = 0;
  /// Whether an answer to look() lacks what refusal() needs to tell absent from broken.
  [[nodiscard]] virtual bool look_hides_reason() const { return false; }
  /// Whether answers to read() lack the digest that was stored, which those to look() have.
  [[nodiscard]] virtual bool read_hides_digest() const { return false; }

  // What takes more than one request with some services. These send them.

  /// Stores it atomically. `conflict` if the service says so, also where it is an earlier attempt
  /// of the same upload that won.
  virtual Task<Result<ObjectInfo>> put(Upload upload) = 0;
  /// The objects directly below `prefix`, which is empty or ends with "/"; names without it.
  virtual Task<Result<std::vector<ObjectInfo>>> list(std::string prefix) = 0;
  /// See ObjectStore::download_url.
  virtual Task<Result<std::optional<std::string>>> download_url(std::string key,
                                                                std::chrono::seconds valid);
};

}  // namespace chartmuseum::storage
