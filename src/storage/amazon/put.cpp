// SPDX-License-Identifier: Apache-2.0
#include "base/http_date.hpp"
#include "storage/amazon/etag.hpp"
#include "storage/amazon/protocol.hpp"
#include "storage/amazon/refusal.hpp"
#include "storage/remote/content_body.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <random>
#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

Task<void> pause_before(int attempt) {
  std::random_device random;
  const auto longest = 100U << static_cast<unsigned>(attempt);
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_after(std::chrono::milliseconds(random() % longest));
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace

Task<Result<ObjectInfo>> S3Protocol::put(Upload upload) {
  constexpr int kAttempts = 5;
  for (int attempt = 1;; ++attempt) {
    Task<Attempt> trying =
        upload.content.size() > settings_.part_size ? put_in_parts(upload) : put_once(upload);
    auto done = co_await std::move(trying);
    if (done) co_return std::move(*done);
    if (attempt == kAttempts) break;
    Task<void> pausing = pause_before(attempt);
    co_await std::move(pausing);
  }
  co_return std::unexpected(
      Failure{FailureKind::throttled, "storing " + upload.key + ": others kept writing it"});
}

/// A service that is not known to honour If-None-Match may ignore it: it would overwrite what is
/// there. So the object is looked for first, and the header is sent nevertheless.
Task<S3Protocol::Attempt> S3Protocol::put_once(Upload upload) {
  const bool create = upload.condition == PutCondition::create_only;
  if (create && put_conditions_ != Conditions::honoured) {
    Task<Result<bool>> looking = is_there(upload.key);
    auto there = co_await std::move(looking);
    if (!there) co_return std::unexpected(std::move(there.error()));
    if (*there) co_return std::unexpected(Failure{FailureKind::conflict, upload.key + " exists"});
  }
  bool conditional = create && put_conditions_ != Conditions::refused;
  transport::Request request = storing("PUT", endpoint_.object_url(upload.key), upload);
  request.headers.set("x-amz-content-sha256", upload.digest.hex());
  request.body = body_of(upload.content);
  request.timeouts = timeouts_for(upload.content.size());
  transport::Request first = request;
  if (conditional) first.headers.set("If-None-Match", "*");
  Task<Result<transport::Response>> sending = caller_->send(std::move(first));
  auto answer = co_await std::move(sending);
  if (answer && conditional && may_refuse(put_conditions_, *answer)) {
    // A while has passed since the last look.
    Task<Result<bool>> looking = is_there(upload.key);
    auto there = co_await std::move(looking);
    if (!there) co_return std::unexpected(std::move(there.error()));
    if (*there) co_return std::unexpected(Failure{FailureKind::conflict, upload.key + " exists"});
    Task<Result<transport::Response>> again = caller_->send(std::move(request));
    answer = co_await std::move(again);
    if (answer && answer->status / 100 == 2) put_conditions_ = Conditions::refused;
    conditional = false;
  }
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  if (conditional && answer->status == 412) put_conditions_ = Conditions::honoured;
  if (answer->status == 409) co_return std::nullopt;
  if (answer->status / 100 != 2) co_return std::unexpected(failure(*answer));
  std::string etag = unquoted(answer->headers.get("etag").value_or(""));
  Task<Result<ObjectInfo>> storing = stored(std::move(upload), std::move(*answer), std::move(etag));
  co_return co_await std::move(storing);
}

Task<Result<bool>> S3Protocol::is_there(std::string key) {
  Task<Result<transport::Response>> sending = caller_->send(look(key));
  auto answer = co_await std::move(sending);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  if (answer->status == 200) co_return true;
  // Of a bucket that is missing the put will say so.
  if (answer->status == 404) co_return false;
  co_return std::unexpected(failure(*answer));
}

transport::Request S3Protocol::storing(std::string method, std::string url,
                                       const Upload& upload) const {
  transport::Request request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.headers.set("Content-Type", upload.content_type);
  request.headers.set("x-amz-meta-chartmuseum-sha256", upload.digest.hex());
  request.headers.set("x-amz-meta-chartmuseum-upload", upload.id);
  if (!settings_.encryption.empty()) {
    request.headers.set("x-amz-server-side-encryption", settings_.encryption);
  }
  if (!settings_.kms_key.empty()) {
    request.headers.set("x-amz-server-side-encryption-aws-kms-key-id", settings_.kms_key);
  }
  return request;
}

bool S3Protocol::may_refuse(const std::atomic<Conditions>& conditions,
                            const transport::Response& answer) {
  return conditions != Conditions::honoured && refuses_conditions(answer);
}

/// The answer to a put does not tell the time that a listing will have for the object: another
/// call does. Should that fail, the object is stored nevertheless.
Task<Result<ObjectInfo>> S3Protocol::stored(Upload upload, transport::Response answer,
                                            std::string etag) {
  Task<Result<transport::Response>> sending = caller_->send(look(upload.key));
  auto looked = co_await std::move(sending);
  if (looked && looked->status == 200) {
    auto described = described_by_look(*looked);
    const bool ours = described && (described->upload == upload.id ||
                                    (described->upload.empty() && described->info.etag == etag));
    if (ours) co_return std::move(described->info);
  }
  const auto date = answer.headers.get("date");
  const auto time = date ? parse_http_date(*date) : std::nullopt;
  co_return ObjectInfo{{},
                       upload.content.size(),
                       time ? Timestamp(*time) : std::chrono::floor<std::chrono::seconds>(now()),
                       std::move(etag)};
}

}  // namespace chartmuseum::storage::amazon
