// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/api.hpp"
#include "storage/memory_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::api {

/// A gzipped tar of the given files.
inline std::string tarball(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string tar;
  for (const auto& [name, data] : files) {
    std::array<char, 512> header{};
    std::snprintf(header.data(), 100, "%s", name.c_str());
    std::snprintf(header.data() + 100, 8, "%07o", 0644U);
    std::snprintf(header.data() + 124, 12, "%011zo", data.size());
    std::memcpy(header.data() + 257, "ustar\00000", 8);
    header[156] = '0';
    std::memset(header.data() + 148, ' ', 8);
    unsigned sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    std::snprintf(header.data() + 148, 8, "%06o", sum);
    tar.append(header.data(), header.size()).append(data);
    tar.resize((tar.size() + 511) / 512 * 512);
  }
  tar.append(1024, '\0');

  std::string packed(tar.size() + 128, '\0');
  z_stream stream{};
  deflateInit2(&stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(tar.data());
  stream.avail_in = static_cast<uInt>(tar.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string package(const std::string& name, const std::string& version) {
  return tarball(
      {{name + "/Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n"}});
}

inline std::string provenance(const std::string& name, const std::string& version) {
  return "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\napiVersion: v2\nname: " + name +
         "\nversion: " + version + "\n\n...\nfiles:\n  " + name + "-" + version +
         ".tgz: sha256:00\n-----BEGIN PGP SIGNATURE-----\n\nwsBc\n-----END PGP SIGNATURE-----\n";
}

/// A body that comes in small pieces, and breaks off where a test wants it to.
class PiecewiseBody : public http::RequestBody {
 public:
  explicit PiecewiseBody(std::string bytes, std::optional<http::BodyFailure> failure = {})
      : bytes_(std::move(bytes)), failure_(failure) {}

  Task<std::expected<std::string_view, http::BodyFailure>> next(std::uint64_t limit) override {
    constexpr std::size_t kPiece = 1000;
    const std::string_view piece = std::string_view(bytes_).substr(at_, kPiece);
    at_ += piece.size();
    if (at_ > limit) co_return std::unexpected(http::BodyFailure::too_large);
    if (piece.empty() && failure_) co_return std::unexpected(*failure_);
    co_return piece;
  }

  [[nodiscard]] bool untouched() const { return at_ == 0; }

 private:
  std::string bytes_;
  std::optional<http::BodyFailure> failure_;
  std::size_t at_ = 0;
};

/// The handler over a museum in memory.
class ApiTest : public testing::Test {
 protected:
  ~ApiTest() override {
    if (museum_) run(museum_->close());
    workers_.join();
  }

  /// Before the first request, or what it is about is not heeded.
  Settings settings;
  repository::Settings repository_settings;
  auth::Settings access_settings;
  std::shared_ptr<storage::MemoryStore> store = std::make_shared<storage::MemoryStore>();

  http::Response ask(http::Method method, std::string_view target, http::RequestBody& body,
                     http::Headers headers = {}) {
    if (!museum_) {
      museum_.emplace(repository_settings, store, workers_, telemetry::Log::discarding());
      access_ =
          auth::AccessControl::open(access_settings, {.get = {}, .executor = workers_.executor()})
              .value();
      handler_ = make_handler(settings, *museum_, *access_, workers_, telemetry::Log::discarding());
    }
    http::Request request;
    request.method = method;
    request.target = http::Target::parse(target).value();
    request.headers = std::move(headers);
    request.body = &body;
    std::optional<http::Response> response;
    run([](http::Handler& handler, http::Request& asked,
           std::optional<http::Response>& answered) -> Task<> {
      answered = co_await handler(asked);
    }(handler_, request, response));
    return std::move(*response);
  }

  http::Response ask(http::Method method, std::string_view target, std::string body = {}) {
    PiecewiseBody bytes(std::move(body));
    return ask(method, target, bytes);
  }

  http::Response get(std::string_view target, http::Headers headers = {}) {
    PiecewiseBody nothing("");
    return ask(http::Method::get, target, nothing, std::move(headers));
  }
  http::Response post(std::string_view target, std::string body) {
    return ask(http::Method::post, target, std::move(body));
  }

  /// A form of files: {field, content}.
  http::Response post_form(std::string_view target,
                           const std::vector<std::pair<std::string, std::string>>& files) {
    std::string body;
    for (const auto& [field, content] : files) {
      body += "--b\r\nContent-Disposition: form-data; name=\"" + field +
              "\"; filename=\"file\"\r\n\r\n" + content + "\r\n";
    }
    PiecewiseBody bytes(body + "--b--\r\n");
    http::Headers headers;
    headers.add("Content-Type", "multipart/form-data; boundary=b");
    return ask(http::Method::post, target, bytes, std::move(headers));
  }

  static std::string text(const http::Response& response) {
    if (const auto* string = std::get_if<std::string>(&response.body)) return *string;
    if (const auto* rope = std::get_if<std::shared_ptr<const Rope>>(&response.body)) {
      return (*rope)->to_string();
    }
    return {};
  }

 private:
  static void run(Task<> task) {
    boost::asio::io_context context;
    std::exception_ptr thrown;
    boost::asio::co_spawn(context, std::move(task),
                          [&](std::exception_ptr failure) { thrown = std::move(failure); });
    context.run();
    if (thrown) std::rethrow_exception(thrown);
  }

  WorkerPool workers_{2};
  std::optional<repository::Museum> museum_;
  std::unique_ptr<auth::AccessControl> access_;
  http::Handler handler_;
};

}  // namespace chartmuseum::api
