// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "storage/amazon/protocol.hpp"
#include "storage/amazon/refusal.hpp"
#include "storage/amazon/xml.hpp"
#include "storage/remote/content_body.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::storage::amazon {

namespace {

constexpr std::uint64_t kMostParts = 10'000;

std::string hash_of(const Content& content, std::uint64_t offset, std::uint64_t size) {
  std::vector<std::string_view> pieces;
  for (std::string_view piece : content.pieces()) {
    const std::uint64_t skipped = std::min<std::uint64_t>(offset, piece.size());
    offset -= skipped;
    piece = piece.substr(skipped, size);
    size -= piece.size();
    if (!piece.empty()) pieces.push_back(piece);
  }
  return Digest::of(pieces).hex();
}

}  // namespace

/// Whatever happens to it, an upload that was begun is ended: its parts cost money for as long as
/// they lie there.
Task<S3Protocol::Attempt> S3Protocol::put_in_parts(Upload upload) {
  const bool create = upload.condition == PutCondition::create_only;
  if (create && completion_conditions_ != Conditions::honoured) {
    Task<Result<bool>> looking = is_there(upload.key);
    auto there = co_await std::move(looking);
    if (!there) co_return std::unexpected(std::move(there.error()));
    if (*there) co_return std::unexpected(Failure{FailureKind::conflict, upload.key + " exists"});
  }
  transport::Request request =
      storing("POST", endpoint_.object_url(upload.key, {{"uploads", ""}}), upload);
  request.body = transport::body_of(std::string());
  Task<Result<transport::Response>> sending = caller_->send_repeatable(std::move(request));
  auto answer = co_await std::move(sending);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  if (answer->status != 200) co_return std::unexpected(failure(*answer));
  auto id = read_upload_id(answer->body);
  if (!id) co_return std::unexpected(broken("it began an upload in parts without a name for it"));

  Attempt done;
  std::exception_ptr thrown;
  const std::string key = upload.key;
  try {
    Task<Attempt> uploading = upload_parts(std::move(upload), *id);
    done = co_await std::move(uploading);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (!done || !*done) {
    // Also for those who are cancelled.
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    Task<void> aborting = abort(key, std::move(*id));
    co_await std::move(aborting);
  }
  if (thrown) std::rethrow_exception(thrown);
  co_return done;
}

Task<S3Protocol::Attempt> S3Protocol::upload_parts(Upload upload, std::string id) {
  const std::uint64_t size = upload.content.size();
  const std::uint64_t part_size =
      std::max(settings_.part_size, (size + kMostParts - 1) / kMostParts);
  std::vector<UploadedPart> parts;
  for (std::uint64_t offset = 0; offset < size; offset += part_size) {
    const int number = static_cast<int>(parts.size()) + 1;
    const std::uint64_t length = std::min(part_size, size - offset);
    transport::Request request;
    request.method = "PUT";
    request.url = endpoint_.object_url(upload.key,
                                       {{"partNumber", std::to_string(number)}, {"uploadId", id}});
    request.headers.set("x-amz-content-sha256", hash_of(upload.content, offset, length));
    request.body = body_of(upload.content, offset, length);
    request.timeouts = timeouts_for(length);
    Task<Result<transport::Response>> sending = caller_->send(std::move(request));
    auto answer = co_await std::move(sending);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (answer->status / 100 != 2) co_return std::unexpected(failure(*answer));
    const auto etag = answer->headers.get("etag");
    if (!etag) co_return std::unexpected(broken("it took a part of an upload without an ETag"));
    parts.push_back({number, std::string(*etag)});
  }

  bool conditional = upload.condition == PutCondition::create_only &&
                     completion_conditions_ != Conditions::refused;
  bool refused = false;  // perhaps
  constexpr int kAttempts = 4;
  for (int attempt = 1;; ++attempt) {
    transport::Request request;
    request.method = "POST";
    request.url = endpoint_.object_url(upload.key, {{"uploadId", id}});
    request.headers.set("Content-Type", "application/xml");
    if (conditional) request.headers.set("If-None-Match", "*");
    request.body = transport::body_of(completion_of(parts));
    request.timeouts = timeouts_for(size);  // the service puts the parts together meanwhile
    Task<Result<transport::Response>> sending = caller_->send_repeatable(std::move(request));
    auto answer = co_await std::move(sending);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (conditional && may_refuse(completion_conditions_, *answer)) {
      conditional = false;
      refused = true;
      // All parts were sent since the last look.
      Task<Result<bool>> looking = is_there(upload.key);
      auto there = co_await std::move(looking);
      if (!there) co_return std::unexpected(std::move(there.error()));
      if (*there) co_return std::unexpected(Failure{FailureKind::conflict, upload.key + " exists"});
      continue;
    }
    if (answer->status == 200) {
      auto etag = read_completed_etag(answer->body);
      if (etag) {
        if (refused) completion_conditions_ = Conditions::refused;
        Task<Result<ObjectInfo>> storing =
            stored(std::move(upload), std::move(*answer), std::move(*etag));
        co_return co_await std::move(storing);
      }
      // The status was sent before the service knew how it would end: the body is what counts.
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
      const ServiceError error = error_in(*answer);
      if (error.code == "PreconditionFailed") {
        answer->status = 412;
      } else if (error.code == "ConditionalRequestConflict") {
        answer->status = 409;
      } else if (error.code == "NoSuchUpload") {
        answer->status = 404;
      } else if (attempt < kAttempts) {
        continue;
      } else {
        answer->status = 500;
      }
    }
    if (answer->status == 409) co_return std::nullopt;
    if (conditional && answer->status == 412) completion_conditions_ = Conditions::honoured;
    // Perhaps an attempt whose answer was lost has completed it: to another one services say that
    // there is no such upload, or anything.
    Task<Result<transport::Response>> looking = caller_->send(look(upload.key));
    auto looked = co_await std::move(looking);
    if (looked && looked->status == 200) {
      auto described = described_by_look(*looked);
      if (described && described->upload == upload.id) co_return std::move(described->info);
    }
    co_return std::unexpected(failure(*answer));
  }
}

Task<void> S3Protocol::abort(std::string key, std::string id) {
  transport::Request request;
  request.method = "DELETE";
  request.url = endpoint_.object_url(key, {{"uploadId", std::move(id)}});
  Task<Result<transport::Response>> sending = caller_->send(std::move(request));
  co_await std::move(sending);  // whoever runs the bucket has a rule for those that remain
}

}  // namespace chartmuseum::storage::amazon
