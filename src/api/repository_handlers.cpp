// SPDX-License-Identifier: Apache-2.0
#include "api/answers.hpp"
#include "api/handlers.hpp"
#include "api/outcome.hpp"
#include "encoding/yaml_writer.hpp"
#include "http/accept_encoding.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace chartmuseum::api {

namespace {

// Below, gzip may well be longer.
constexpr std::size_t kSmallestCompressed = 512;

// Time to follow the redirection, and for what is in front of the storage to begin; a download that
// has begun may take longer.
constexpr std::chrono::minutes kDownloadTime{5};

/// Hands the pieces of a stored object on as they arrive.
class ObjectBody : public http::BodySource {
 public:
  explicit ObjectBody(std::shared_ptr<storage::ObjectStream> stream) : stream_(std::move(stream)) {}

  Task<std::optional<std::string>> next() override {
    storage::Result<std::string> piece = co_await stream_->next();
    if (!piece) co_return std::nullopt;
    co_return std::move(*piece);
  }

 private:
  std::shared_ptr<storage::ObjectStream> stream_;
};

http::Response object_answer(std::string content_type, storage::OpenObject object) {
  http::Response response;
  response.headers.add("Content-Type", std::move(content_type));
  if (auto* file = std::get_if<std::shared_ptr<const FileDescriptor>>(&object.content)) {
    response.body = http::FileRange{std::move(*file), 0, object.info.size};
  } else if (auto* bytes = std::get_if<std::shared_ptr<const std::string>>(&object.content)) {
    Rope rope;
    rope.append(std::move(*bytes));
    response.body = std::make_shared<const Rope>(std::move(rope));
  } else {
    auto& stream = std::get<std::shared_ptr<storage::ObjectStream>>(object.content);
    response.body =
        http::BodyStream{std::make_shared<ObjectBody>(std::move(stream)), object.info.size};
  }
  set_etag(response, object.info.etag);
  set_last_modified(response, object.info.modified);
  return response;
}

/// To the storage (RFC 9110, 15.4.3). Whoever has the URL has the package, and it does not last, so
/// nobody is to keep it. Those who have the package already are told so here.
http::Response redirection(const http::Request& request,
                           repository::Repository::Download download) {
  http::Response response;
  set_etag(response, download.info.etag);
  set_last_modified(response, download.info.modified);
  if (is_settled(request, response)) return response;
  response = http::Response();
  response.status = 302;
  response.headers.add("Location", std::move(download.url));
  response.headers.add("Cache-Control", "private, no-store");
  response.headers.add("Referrer-Policy", "no-referrer");
  return response;
}

}  // namespace

Task<http::Response> get_index(const Application& application, http::Request& request,
                               PathParameters path) {
  const auto repository = application.museum.repository(path.repo);
  const auto index = co_await repository->index();
  if (!index) co_return refusal_response(index.error());
  const Rope& document = (*index)->document();
  const bool compressed =
      document.size() >= kSmallestCompressed && http::accepts_gzip(request.headers);

  http::Response response = answer("application/x-yaml", std::monostate());
  response.headers.add("Vary", "Accept-Encoding");
  response.headers.add("ETag",
                       compressed ? (*index)->compressed_etag() : (*index)->document_etag());
  if (!compressed) {
    // The snapshot's own rope, kept alive with all of it: nothing here depends on its size.
    response.body = std::shared_ptr<const Rope>(*index, &document);
    co_return response;
  }
  response.headers.add("Content-Encoding", "gzip");
  if (!is_settled(request, response)) {
    response.body = co_await repository->compressed_document(*index);
  }
  co_return response;
}

Task<http::Response> get_object(const Application& application, http::Request& request,
                                PathParameters path) {
  const bool provenance = path.file.ends_with(".prov");
  const auto repository = application.museum.repository(path.repo);
  std::string comment;
  // A URL is signed for GET alone, so HEAD is answered here.
  if (application.settings.storage_redirect && request.method == http::Method::get) {
    auto download = co_await repository->download(path.file, kDownloadTime);
    if (download && *download) co_return redirection(request, std::move(**download));
    if (!download && download.error().kind == repository::Refusal::absent) {
      co_return refusal_response(download.error());
    }
    // What this server keeps in memory may still be had while the storage fails.
    if (!download) comment = "not redirected: " + download.error().detail;
  }
  auto object = co_await repository->open(std::move(path.file));
  if (!object) co_return refusal_response(object.error());
  http::Response response = object_answer(
      provenance ? "application/pgp-signature" : "application/x-tar", std::move(*object));
  response.log_comment = std::move(comment);
  co_return response;
}

Task<http::Response> get_artifact_hub_file(const Application& application,
                                           http::Request& /*request*/, PathParameters path) {
  const auto& ids = application.settings.artifact_hub_ids;
  const auto id = ids.find(path.repo);
  if (id == ids.end()) co_return http::json_error(404, "Artifact Hub repository ID not found");
  encoding::YamlWriter yaml;
  yaml.begin_mapping();
  yaml.key("repositoryID");
  yaml.string(id->second);
  yaml.end_mapping();
  co_return answer("application/x-yaml", yaml.take());
}

}  // namespace chartmuseum::api
