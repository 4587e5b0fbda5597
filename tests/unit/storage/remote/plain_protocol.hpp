// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/caller.hpp"
#include "storage/remote/content_body.hpp"
#include "storage/remote/protocol.hpp"
#include "storage/remote/uri.hpp"

#include <charconv>
#include <memory>
#include <string>
#include <utility>

namespace chartmuseum::storage::test {

/// The simplest of all services: keys are paths, and 404 is absent. Says what it is asked to.
class PlainProtocol final : public Protocol {
 public:
  PlainProtocol(std::shared_ptr<Caller> caller, std::string base)
      : caller_(std::move(caller)), base_(std::move(base)) {}

  bool hides_reason = false;
  std::string listed_prefix;

  [[nodiscard]] transport::Request read(const std::string& key) const override {
    return request("GET", key);
  }
  [[nodiscard]] transport::Request look(const std::string& key) const override {
    return request("HEAD", key);
  }
  [[nodiscard]] transport::Request remove(const std::string& key) const override {
    return request("DELETE", key);
  }
  [[nodiscard]] Result<Described> described_by_read(
      const transport::Response& head) const override {
    return described(head);
  }
  [[nodiscard]] Result<Described> described_by_look(
      const transport::Response& answer) const override {
    return described(answer);
  }
  [[nodiscard]] std::unique_ptr<BodyCheck> body_check(
      const transport::Response& head) const override {
    const auto sum = head.headers.get("x-sum");
    return sum ? std::make_unique<Sum>(std::string(*sum)) : nullptr;
  }
  [[nodiscard]] std::optional<Failure> refusal(const transport::Response& answer) const override {
    if (answer.status == 404 && answer.body != "no bucket") return std::nullopt;
    if (answer.status == 412) return Failure{FailureKind::conflict, "it exists"};
    if (answer.status == 429) return Failure{FailureKind::throttled, "slower"};
    return Failure{answer.status / 100 == 4 ? FailureKind::denied : FailureKind::unavailable,
                   std::to_string(answer.status)};
  }
  [[nodiscard]] bool look_hides_reason() const override { return hides_reason; }

  Task<Result<ObjectInfo>> put(Upload upload) override {
    transport::Request put = request("PUT", upload.key);
    put.headers.set("Content-Type", upload.content_type);
    put.headers.set("X-Digest", upload.digest.hex());
    put.headers.set("X-Id", upload.id);
    put.body = body_of(upload.content);
    Task<Result<transport::Response>> sending = caller_->send(std::move(put));
    auto answer = co_await std::move(sending);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (answer->status / 100 != 2) co_return std::unexpected(*refusal(*answer));
    ObjectInfo info;
    info.size = upload.content.size();
    co_return info;
  }

  Task<Result<std::vector<ObjectInfo>>> list(std::string prefix) override {
    std::vector<ObjectInfo> objects(3);
    objects[0].name = "x.tgz";
    objects[1].name = "";
    objects[2].name = "a/b";
    listed_prefix = std::move(prefix);
    co_return objects;
  }

 private:
  class Sum final : public BodyCheck {
   public:
    explicit Sum(std::string wanted) : wanted_(std::move(wanted)) {}
    void add(std::string_view bytes) override { seen_ += bytes; }
    [[nodiscard]] bool intact() override { return Digest::of(seen_).hex() == wanted_; }

   private:
    std::string wanted_;
    std::string seen_;
  };

  [[nodiscard]] transport::Request request(std::string method, const std::string& key) const {
    transport::Request request;
    request.method = std::move(method);
    request.url = base_ + percent_encoded(key, "/");
    return request;
  }

  static Result<Described> described(const transport::Response& head) {
    // Of a part: "bytes 3-5/6".
    auto text = head.headers.get("content-range");
    if (text) {
      text = text->substr(text->find('/') + 1);
    } else {
      text = head.headers.get("content-length");
    }
    if (!text) return std::unexpected(Failure{FailureKind::unavailable, "no length"});
    Described described;
    std::from_chars(text->data(), text->data() + text->size(), described.info.size);
    described.info.etag = head.headers.get("etag").value_or("");
    described.digest = Digest::from_hex(head.headers.get("x-digest").value_or(""));
    described.upload = head.headers.get("x-id").value_or("");
    return described;
  }

  const std::shared_ptr<Caller> caller_;
  const std::string base_;
};

/// Whoever asks may; until a refusal says that the ticket is old, the old one is shown.
class Tickets final : public Authorizer {
 public:
  Task<Result<transport::Request>> authorize(transport::Request request) override {
    if (failure) co_return std::unexpected(*failure);
    request.headers.set("X-Ticket", std::to_string(ticket_));
    co_return request;
  }
  bool may_fare_better(const transport::Response& refusal) override {
    if (refusal.body != "old ticket") return false;
    ++ticket_;
    return true;
  }

  std::optional<Failure> failure;

 private:
  int ticket_ = 1;
};

}  // namespace chartmuseum::storage::test
