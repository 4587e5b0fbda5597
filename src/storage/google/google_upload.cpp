// SPDX-License-Identifier: Apache-2.0
#include "storage/google/google_upload.hpp"

#include "encoding/json_text.hpp"
#include "storage/google/crc32c.hpp"
#include "storage/google/google_answers.hpp"
#include "storage/remote/content_body.hpp"
#include "storage/remote/uri.hpp"
#include "transport/retry.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

namespace chartmuseum::storage::google {

namespace {

namespace json = boost::json;

/// A body between two texts.
class EnclosedBody final : public transport::BodySource {
 public:
  EnclosedBody(std::string before, std::shared_ptr<const transport::BodySource> body,
               std::string after)
      : before_(std::move(before)), body_(std::move(body)), after_(std::move(after)) {}

  [[nodiscard]] std::uint64_t size() const override {
    return before_.size() + body_->size() + after_.size();
  }

  [[nodiscard]] std::optional<std::size_t> read(std::uint64_t offset,
                                                std::span<char> into) const override {
    if (offset < before_.size()) return before_.copy(into.data(), into.size(), offset);
    offset -= before_.size();
    if (offset < body_->size()) return body_->read(offset, into);
    return after_.copy(into.data(), into.size(), offset - body_->size());
  }

 private:
  std::string before_;
  std::shared_ptr<const transport::BodySource> body_;
  std::string after_;
};

Failure unavailable(const std::string& problem) {
  return {FailureKind::unavailable, "Google Cloud Storage answered " + problem};
}

std::string upload_url(const GoogleUpload& service, const Upload& upload, const char* type) {
  QueryParameters parameters{{"uploadType", type}, {"name", upload.key}, {"prettyPrint", "false"}};
  // That there is none (https://cloud.google.com/storage/docs/request-preconditions).
  if (upload.condition == PutCondition::create_only) {
    parameters.emplace_back("ifGenerationMatch", "0");
  }
  return service.base + "/upload/storage/v1/b/" + percent_encoded(service.bucket) + "/o?" +
         query_string(parameters);
}

std::string resource_of(const Upload& upload) {
  return json::serialize(json::object{
      {"name", upload.key},
      {"contentType", upload.content_type},
      {"crc32c", crc32c_text(upload.content)},
      {"metadata",
       json::object{{kDigestMember, upload.digest.hex()}, {kUploadMember, upload.id}}}});
}

/// Of an answer 2xx to the whole upload.
Result<ObjectInfo> stored(const transport::Response& answer, const Upload& upload) {
  const auto resource = encoding::read_json_object(answer.body);
  auto described = resource ? described_by_resource(*resource) : std::nullopt;
  if (!described || described->info.size != upload.content.size()) {
    return std::unexpected(unavailable("to an upload with something else than the object"));
  }
  return std::move(described->info);
}

/// A resumable upload that is under way.
class Session {
 public:
  Session(GoogleUpload service, Upload upload, std::string url)
      : service_(std::move(service)), upload_(std::move(upload)), url_(std::move(url)) {}

  Task<Result<ObjectInfo>> finish() {
    constexpr unsigned kAttempts = 5;   // without any progress
    constexpr unsigned kRounds = 1000;  // with some
    unsigned attempt = 0;
    bool asking = false;
    for (unsigned round = 0; round < kRounds; ++round) {
      Task<Result<transport::Response>> sending = service_.once->send(asking ? question() : rest());
      auto answer = co_await std::move(sending);
      if (answer && answer->status / 100 == 2) co_return stored(*answer, upload_);
      const bool incomplete = answer && answer->status == 308;
      if (incomplete) {
        const std::uint64_t before = arrived_;
        if (!note_arrived(*answer)) {
          co_return std::unexpected(unavailable("with a range that cannot be of this upload"));
        }
        if (arrived_ > before) attempt = 0;
        if (asking) {
          asking = false;
          continue;
        }
      } else if (answer && !transport::may_go_better(answer->status)) {
        co_return std::unexpected(refusal_of_session(*answer));
      } else if (!answer && answer.error().kind != FailureKind::unavailable) {
        co_return std::unexpected(std::move(answer.error()));
      }
      asking = true;
      if (++attempt == kAttempts) {
        co_return std::unexpected(answer ? refusal_of_session(*answer) : answer.error());
      }
      Task<bool> waiting = wait(attempt);
      if (!co_await std::move(waiting)) {
        co_return std::unexpected(Failure{FailureKind::unavailable, "the upload was cancelled"});
      }
    }
    co_return std::unexpected(unavailable("too often that bytes are missing"));
  }

  Task<> give_up() {
    transport::Request request;
    request.method = "DELETE";
    request.url = url_;
    request.timeouts.whole = std::chrono::seconds(5);  // it is a courtesy
    Task<Result<transport::Response>> sending = service_.once->send(std::move(request));
    co_await std::move(sending);
  }

 private:
  [[nodiscard]] transport::Request put_request() const {
    transport::Request request;
    request.method = "PUT";
    request.url = url_;
    return request;
  }

  /// What is still to be sent.
  [[nodiscard]] transport::Request rest() const {
    const std::uint64_t size = upload_.content.size();
    transport::Request request = put_request();
    request.body = body_of(upload_.content, arrived_, size - arrived_);
    request.timeouts = timeouts_for(size - arrived_);
    if (arrived_ > 0) {
      request.headers.set("Content-Range", "bytes " + std::to_string(arrived_) + '-' +
                                               std::to_string(size - 1) + '/' +
                                               std::to_string(size));
    }
    return request;
  }

  /// How much has arrived.
  [[nodiscard]] transport::Request question() const {
    transport::Request request = put_request();
    request.body = transport::body_of(std::string());
    request.headers.set("Content-Range", "bytes */" + std::to_string(upload_.content.size()));
    return request;
  }

  /// "Range: bytes=0-99"; without that field, nothing.
  [[nodiscard]] bool note_arrived(const transport::Response& answer) {
    constexpr std::string_view kBegin = "bytes=0-";
    const auto range = answer.headers.get("range");
    if (!range) {
      arrived_ = 0;
      return true;
    }
    if (!range->starts_with(kBegin)) return false;
    const std::string_view digits = range->substr(kBegin.size());
    std::uint64_t last = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), last);
    if (error != std::errc() || end != digits.data() + digits.size() ||
        last + 1 >= upload_.content.size()) {
      return false;
    }
    arrived_ = last + 1;
    return true;
  }

  [[nodiscard]] Failure refusal_of_session(const transport::Response& answer) const {
    if (answer.status == 308) return unavailable("again and again that bytes are missing");
    // It is the session that is gone.
    if (answer.status == 404 || answer.status == 410) {
      return unavailable("that it does not know the upload any more");
    }
    return refusal_of_bucket(answer, service_.bucket);
  }

  static Task<bool> wait(unsigned attempt) {
    // Half of what a random part could be: there is one upload, not a crowd.
    const auto delay = transport::retry_delay({}, attempt, 0.5, std::nullopt);
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, delay);
    boost::system::error_code error;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
    co_return !error;
  }

  const GoogleUpload service_;
  const Upload upload_;
  const std::string url_;
  std::uint64_t arrived_ = 0;
};

/// The session's URL on the host that was asked, whichever host its answer names: credentials go
/// there with each request.
std::optional<std::string> session_url(const GoogleUpload& service,
                                       const transport::Response& answer) {
  const auto location = answer.headers.get("location");
  if (!location) return std::nullopt;
  const std::size_t scheme = location->find("://");
  const std::size_t path =
      scheme == std::string_view::npos ? scheme : location->find('/', scheme + 3);
  if (path == std::string_view::npos) return std::nullopt;
  return service.base + std::string(location->substr(path));
}

}  // namespace

Task<Result<ObjectInfo>> put_multipart(GoogleUpload service, Upload upload) {
  const std::string boundary = "chartmuseum-" + upload.id;
  transport::Request request;
  request.method = "POST";
  request.url = upload_url(service, upload, "multipart");
  request.headers.set("Content-Type", "multipart/related; boundary=" + boundary);
  request.timeouts = timeouts_for(upload.content.size());
  request.body = std::make_shared<const EnclosedBody>(
      "--" + boundary + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n" +
          resource_of(upload) + "\r\n--" + boundary + "\r\nContent-Type: " + upload.content_type +
          "\r\n\r\n",
      body_of(upload.content), "\r\n--" + boundary + "--\r\n");
  Task<Result<transport::Response>> sending = service.caller->send_repeatable(std::move(request));
  auto answer = co_await std::move(sending);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  if (answer->status / 100 == 2) co_return stored(*answer, upload);
  co_return std::unexpected(refusal_of_bucket(*answer, service.bucket));
}

Task<Result<ObjectInfo>> put_resumable(GoogleUpload service, Upload upload) {
  transport::Request request;
  request.method = "POST";
  request.url = upload_url(service, upload, "resumable");
  request.headers.set("Content-Type", "application/json; charset=UTF-8");
  request.headers.set("X-Upload-Content-Type", upload.content_type);
  request.headers.set("X-Upload-Content-Length", std::to_string(upload.content.size()));
  request.body = transport::body_of(resource_of(upload));
  Task<Result<transport::Response>> sending = service.caller->send_repeatable(std::move(request));
  auto answer = co_await std::move(sending);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  if (answer->status / 100 != 2) {
    co_return std::unexpected(refusal_of_bucket(*answer, service.bucket));
  }
  const auto url = session_url(service, *answer);
  if (!url) co_return std::unexpected(unavailable("without saying where to upload to"));
  Session session(std::move(service), std::move(upload), *url);
  Task<Result<ObjectInfo>> finishing = session.finish();
  auto outcome = co_await std::move(finishing);
  if (!outcome && outcome.error().kind != FailureKind::conflict) {
    Task<> giving_up = session.give_up();
    co_await std::move(giving_up);
  }
  co_return outcome;
}

}  // namespace chartmuseum::storage::google
