// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/protocol.hpp"

#include "base/freed_by.hpp"
#include "base/http_date.hpp"
#include "storage/amazon/etag.hpp"
#include "storage/amazon/refusal.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || problem != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::uint64_t> number_in(const transport::Response& head, std::string_view name) {
  const auto field = head.headers.get(name);
  return field ? number(*field) : std::nullopt;
}

/// Of "bytes 0-99/1234" the last number.
std::optional<std::uint64_t> whole_size(const transport::Response& head) {
  const auto range = head.headers.get("content-range");
  if (!range) return std::nullopt;
  const std::size_t slash = range->find('/');
  return slash == std::string_view::npos ? std::nullopt : number(range->substr(slash + 1));
}

/// Against the digest that was stored with the object.
class DigestCheck final : public BodyCheck {
 public:
  explicit DigestCheck(const Digest& expected) : expected_(expected), context_(EVP_MD_CTX_new()) {
    if (!context_ || EVP_DigestInit_ex2(context_.get(), EVP_sha256(), nullptr) != 1) fail();
  }

  void add(std::string_view bytes) override {
    if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) fail();
  }

  bool intact() override {
    std::array<std::uint8_t, 32> digest{};
    if (EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) fail();
    return std::ranges::equal(digest, expected_.bytes());
  }

 private:
  [[noreturn]] static void fail() {
    throw std::runtime_error("SHA-256 is not to be had from OpenSSL");
  }

  const Digest expected_;
  std::unique_ptr<EVP_MD_CTX, FreedBy<EVP_MD_CTX_free>> context_;
};

transport::Request request_for(std::string method, std::string url) {
  transport::Request request;
  request.method = std::move(method);
  request.url = std::move(url);
  return request;
}

}  // namespace

S3Protocol::S3Protocol(ProtocolSettings settings, Endpoint endpoint, std::shared_ptr<Caller> caller,
                       std::shared_ptr<AmazonAuthorizer> authorizer)
    : settings_(std::move(settings)),
      endpoint_(std::move(endpoint)),
      caller_(std::move(caller)),
      authorizer_(std::move(authorizer)),
      put_conditions_(endpoint_.is_amazon() ? Conditions::honoured : Conditions::unknown),
      completion_conditions_(put_conditions_.load()) {}

transport::Request S3Protocol::read(const std::string& key) const {
  return request_for("GET", endpoint_.object_url(key));
}

transport::Request S3Protocol::look(const std::string& key) const {
  return request_for("HEAD", endpoint_.object_url(key));
}

transport::Request S3Protocol::remove(const std::string& key) const {
  return request_for("DELETE", endpoint_.object_url(key));
}

Result<Described> S3Protocol::described_by_read(const transport::Response& head) const {
  return described(head, head.status == 206 ? whole_size(head) : number_in(head, "content-length"));
}

Result<Described> S3Protocol::described_by_look(const transport::Response& answer) const {
  return described(answer, number_in(answer, "content-length"));
}

Result<Described> S3Protocol::described(const transport::Response& head,
                                        std::optional<std::uint64_t> size) const {
  const auto date = head.headers.get("last-modified");
  const auto modified = date ? parse_http_date(*date) : std::nullopt;
  if (!size || !modified) {
    return std::unexpected(broken("its answer lacks the object's size or Last-Modified"));
  }
  Described described;
  described.info.size = *size;
  described.info.modified = *modified;
  described.info.etag = unquoted(head.headers.get("etag").value_or(""));
  if (const auto digest = head.headers.get("x-amz-meta-chartmuseum-sha256")) {
    described.digest = Digest::from_hex(*digest);
  }
  described.upload = head.headers.get("x-amz-meta-chartmuseum-upload").value_or("");
  return described;
}

std::unique_ptr<BodyCheck> S3Protocol::body_check(const transport::Response& head) const {
  const auto text = head.headers.get("x-amz-meta-chartmuseum-sha256");
  const auto digest = text ? Digest::from_hex(*text) : std::nullopt;
  if (!digest) return nullptr;
  return std::make_unique<DigestCheck>(*digest);
}

std::optional<Failure> S3Protocol::refusal(const transport::Response& answer) const {
  return failure_in(answer, settings_.bucket, endpoint_.service());
}

Failure S3Protocol::failure(const transport::Response& answer) const {
  auto failure = refusal(answer);
  if (failure) return std::move(*failure);
  return broken("it speaks of an object that nobody asked for");
}

Failure S3Protocol::broken(const std::string& problem) const {
  return {FailureKind::unavailable,
          "bucket " + settings_.bucket + " at " + endpoint_.service() + ": " + problem};
}

Task<Result<std::optional<std::string>>> S3Protocol::download_url(std::string key,
                                                                  std::chrono::seconds valid) {
  constexpr std::chrono::seconds kLongest = std::chrono::days(7);  // what the signature allows
  Task<Result<std::string>> signing = authorizer_->presigned(
      endpoint_.object_url(key),
      std::clamp<std::chrono::seconds>(valid, std::chrono::seconds(1), kLongest));
  auto url = co_await std::move(signing);
  if (!url) co_return std::unexpected(std::move(url.error()));
  co_return std::move(*url);
}

}  // namespace chartmuseum::storage::amazon
