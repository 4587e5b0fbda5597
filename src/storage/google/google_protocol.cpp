// SPDX-License-Identifier: Apache-2.0
#include "storage/google/google_protocol.hpp"

#include "base/ascii.hpp"
#include "encoding/json_text.hpp"
#include "encoding/utf8.hpp"
#include "storage/google/crc32c.hpp"
#include "storage/google/google_answers.hpp"
#include "storage/google/google_upload.hpp"
#include "storage/remote/uri.hpp"

#include <set>
#include <utility>

namespace chartmuseum::storage::google {

namespace {

constexpr std::uint64_t kLargestResource = 256ULL * 1024;
constexpr std::uint64_t kLargestPage = 16ULL << 20;  // of a thousand objects

/// What described_by_resource() reads.
constexpr std::string_view kFields = "name,size,generation,updated,metadata";

std::unexpected<Failure> unavailable(const std::string& problem) {
  return std::unexpected(
      Failure{FailureKind::unavailable, "Google Cloud Storage answered " + problem});
}

/// https://cloud.google.com/storage/docs/objects#naming
bool can_be_named(const std::string& key) {
  constexpr std::size_t kLongest = 1024;
  return key.size() <= kLongest && encoding::is_utf8(key) &&
         key.find_first_of("\r\n") == std::string::npos;
}

}  // namespace

GoogleProtocol::GoogleProtocol(GoogleService service, std::shared_ptr<Caller> caller,
                               std::shared_ptr<Caller> once, std::optional<UrlSigner> signer)
    : service_(std::move(service)),
      caller_(std::move(caller)),
      once_(std::move(once)),
      signer_(std::move(signer)) {}

std::string GoogleProtocol::object_url(const std::string& key) const {
  return service_.base + "/storage/v1/b/" + percent_encoded(service_.bucket) + "/o/" +
         percent_encoded(key);
}

transport::Request GoogleProtocol::read(const std::string& key) const {
  transport::Request request;
  request.url = object_url(key) + "?alt=media";
  // Or the service would unpack what was stored with a Content-Encoding, whoever did that
  // (https://cloud.google.com/storage/docs/transcoding).
  request.headers.set("Accept-Encoding", "gzip");
  return request;
}

transport::Request GoogleProtocol::read_on(const std::string& key, const transport::Response& head,
                                           std::uint64_t offset) const {
  transport::Request request = read(key);
  request.headers.set("Range", "bytes=" + std::to_string(offset) + "-");
  if (const auto described = described_by_media(head)) {
    request.url += "&ifGenerationMatch=" + described->info.etag;
  }
  return request;
}

transport::Request GoogleProtocol::look(const std::string& key) const {
  transport::Request request;
  request.url = object_url(key) + '?' +
                query_string({{"fields", std::string(kFields)}, {"prettyPrint", "false"}});
  request.response_limit = kLargestResource;
  return request;
}

transport::Request GoogleProtocol::remove(const std::string& key) const {
  transport::Request request;
  request.method = "DELETE";
  request.url = object_url(key);
  return request;
}

Result<Described> GoogleProtocol::described_by_read(const transport::Response& head) const {
  return described_by_media(head);
}

Result<Described> GoogleProtocol::described_by_look(const transport::Response& answer) const {
  const auto resource = encoding::read_json_object(answer.body);
  auto described = resource ? described_by_resource(*resource) : std::nullopt;
  if (!described) return unavailable("with something that describes no object");
  return std::move(*described);
}

std::unique_ptr<BodyCheck> GoogleProtocol::body_check(const transport::Response& head) const {
  // One field, or one for each hash.
  for (const transport::Header& header : head.headers.all()) {
    if (!equal_ignoring_case(header.name, "x-goog-hash")) continue;
    if (auto check = make_crc32c_check(header.value)) return check;
  }
  return nullptr;
}

std::optional<Failure> GoogleProtocol::refusal(const transport::Response& answer) const {
  return refusal_by_google(answer, service_.bucket);
}

Task<Result<ObjectInfo>> GoogleProtocol::put(Upload upload) {
  if (!can_be_named(upload.key)) {
    co_return std::unexpected(
        Failure{FailureKind::invalid,
                "Google Cloud Storage takes no such name: it must be UTF-8 without line ends, and "
                "no longer than 1024 bytes with its prefix"});
  }
  if (!service_.conditions && upload.condition == PutCondition::create_only) {
    Task<Result<transport::Response>> looking = caller_->send(look(upload.key));
    auto answer = co_await std::move(looking);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (answer->status / 100 == 2) {
      co_return std::unexpected(Failure{FailureKind::conflict, "the object exists"});
    }
    if (auto failure = refusal(*answer)) co_return std::unexpected(std::move(*failure));
  }
  const GoogleUpload uploading{service_.base, service_.bucket, caller_, once_};
  Task<Result<ObjectInfo>> sending = upload.content.size() > service_.largest_single
                                         ? put_resumable(uploading, std::move(upload))
                                         : put_multipart(uploading, std::move(upload));
  co_return co_await std::move(sending);
}

transport::Request GoogleProtocol::page_request(const std::string& prefix,
                                                const std::string& token) const {
  QueryParameters parameters{{"delimiter", "/"},
                             {"fields", "kind,nextPageToken,items(name,size,generation,updated)"},
                             {"prettyPrint", "false"}};
  if (!prefix.empty()) parameters.emplace_back("prefix", prefix);
  if (!token.empty()) parameters.emplace_back("pageToken", token);
  transport::Request request;
  request.url = service_.base + "/storage/v1/b/" + percent_encoded(service_.bucket) + "/o?" +
                query_string(parameters);
  request.response_limit = kLargestPage;
  return request;
}

Task<Result<std::vector<ObjectInfo>>> GoogleProtocol::list(std::string prefix) {
  std::vector<ObjectInfo> objects;
  std::set<std::string> tokens;
  std::string token;
  do {
    Task<Result<transport::Response>> sending = caller_->send(page_request(prefix, token));
    auto answer = co_await std::move(sending);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (answer->status != 200) {
      co_return std::unexpected(refusal_of_bucket(*answer, service_.bucket));
    }
    auto page = read_page(answer->body, prefix);
    if (!page) co_return unavailable("with something that is no list of objects");
    for (ObjectInfo& object : page->objects) objects.push_back(std::move(object));
    token = std::move(page->next);
    if (!token.empty() && !tokens.insert(token).second) {
      co_return unavailable("with a list that goes round in a circle");
    }
  } while (!token.empty());
  co_return objects;
}

Task<Result<std::optional<std::string>>> GoogleProtocol::download_url(std::string key,
                                                                      std::chrono::seconds valid) {
  if (!signer_) co_return std::nullopt;
  co_return signer_->url_for(service_.bucket, key, valid, std::chrono::system_clock::now());
}

}  // namespace chartmuseum::storage::google
