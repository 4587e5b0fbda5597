// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/blob_protocol.hpp"

#include "storage/microsoft/blob_listing.hpp"
#include "storage/remote/content_body.hpp"
#include "storage/remote/hashes.hpp"
#include "storage/remote/md5.hpp"
#include "storage/remote/uri.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <utility>
#include <vector>

namespace chartmuseum::storage::microsoft {

namespace {

std::unexpected<Failure> unavailable(std::string detail) {
  return std::unexpected(Failure{FailureKind::unavailable, std::move(detail)});
}

class Md5Check final : public BodyCheck {
 public:
  Md5Check(Md5 md5, std::string expected) : md5_(std::move(md5)), expected_(std::move(expected)) {}
  void add(std::string_view bytes) override { md5_.add(bytes); }
  bool intact() override { return base64(md5_.end()) == expected_; }

 private:
  Md5 md5_;
  const std::string expected_;
};

/// In base64; of `size` bytes from `offset` on.
std::optional<std::string> md5_of(const Content& content, std::uint64_t offset,
                                  std::uint64_t size) {
  auto md5 = Md5::begin();
  if (!md5) return std::nullopt;
  for (std::string_view piece : content.pieces()) {
    const std::size_t skipped = std::min<std::uint64_t>(offset, piece.size());
    piece = piece.substr(skipped).substr(0, size);
    offset -= skipped;
    size -= piece.size();
    md5->add(piece);
  }
  return base64(md5->end());
}

/// The identifiers of a blob's blocks must all be of one length; those of two uploads that are
/// under way at once must differ.
std::string block_id(const Upload& upload, std::uint64_t number) {
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), "-%06u", static_cast<unsigned>(number));
  return base64(Digest::of(upload.id).hex().substr(0, 32) + digits.data());
}

class BlobProtocol final : public Protocol {
 public:
  BlobProtocol(std::shared_ptr<Caller> caller, BlobSettings settings)
      : caller_(std::move(caller)), settings_(std::move(settings)) {}

  transport::Request read(const std::string& key) const override {
    return request("GET", blob_url(key));
  }

  transport::Request look(const std::string& key) const override {
    return request("HEAD", blob_url(key));
  }

  transport::Request remove(const std::string& key) const override {
    transport::Request removal = request("DELETE", blob_url(key));
    removal.headers.set("x-ms-delete-snapshots", "include");  // or they would stand in the way
    return removal;
  }

  Result<Described> described_by_read(const transport::Response& head) const override {
    const auto size = head.status == 206 ? whole_length_of(head) : length_of(head);
    if (!size) return unavailable("an answer does not say how long the blob is");
    return described(head, *size);
  }

  Result<Described> described_by_look(const transport::Response& answer) const override {
    const auto size = length_of(answer);
    if (!size) return unavailable("an answer does not say how long the blob is");
    return described(answer, *size);
  }

  std::unique_ptr<BodyCheck> body_check(const transport::Response& head) const override {
    const auto expected = head.headers.get("content-md5");
    if (head.status != 200 || !expected) return nullptr;
    auto md5 = Md5::begin();
    if (!md5) return nullptr;
    return std::make_unique<Md5Check>(*std::move(md5), std::string(*expected));
  }

  std::optional<Failure> refusal(const transport::Response& answer) const override {
    return blob_refusal(answer, settings_.service);
  }

  Task<Result<ObjectInfo>> put(Upload upload) override {
    Task<Result<ObjectInfo>> putting = upload.content.size() <= settings_.block_size
                                           ? put_whole(std::move(upload))
                                           : put_blocks(std::move(upload));
    co_return co_await std::move(putting);
  }

  Task<Result<std::vector<ObjectInfo>>> list(std::string prefix) override {
    std::vector<ObjectInfo> objects;
    std::set<std::string> markers;  // a page that leads back would be read for ever
    for (std::string marker;;) {
      QueryParameters parameters{
          {"restype", "container"}, {"comp", "list"}, {"delimiter", "/"}, {"prefix", prefix}};
      if (!marker.empty()) parameters.emplace_back("marker", marker);
      transport::Request listing = request("GET", container_url() + '?' + query_string(parameters));
      Task<Result<transport::Response>> sending = caller_->send(std::move(listing));
      auto answer = co_await std::move(sending);
      if (!answer) co_return std::unexpected(std::move(answer.error()));
      if (answer->status != 200) co_return std::unexpected(failure_of_container(*answer));
      auto page = read_blob_page(answer->body, prefix);
      if (!page) co_return unavailable("the listing cannot be read: " + page.error());
      std::ranges::move(page->objects, std::back_inserter(objects));
      if (page->next.empty()) co_return objects;
      marker = std::move(page->next);
      if (!markers.insert(marker).second) co_return unavailable("the listing goes in a circle");
    }
  }

  Task<Result<std::optional<std::string>>> download_url(std::string key,
                                                        std::chrono::seconds valid) override {
    if (!settings_.sign_download) co_return std::nullopt;
    Task<Result<std::optional<std::string>>> signing = settings_.sign_download(key, valid);
    auto query = co_await std::move(signing);
    if (!query || !*query) co_return query;
    co_return blob_url(key) + '?' + **query;
  }

 private:
  std::string container_url() const {
    return settings_.service.endpoint + '/' + settings_.service.container;
  }
  std::string blob_url(const std::string& key) const {
    return container_url() + '/' + percent_encoded(key, "/");
  }

  transport::Request request(std::string method, std::string url) const {
    transport::Request request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.headers.set("x-ms-version", settings_.api_version);
    return request;
  }

  /// Of an answer that cannot be about one blob.
  Failure failure_of_container(const transport::Response& answer) const {
    auto failure = refusal(answer);
    if (failure) return *std::move(failure);
    return {FailureKind::unavailable, "an answer about a container is about a blob"};
  }

  /// What is stored with the blob by the request that makes it.
  static void add_properties(transport::Headers& headers, const Upload& upload) {
    headers.set("x-ms-blob-content-type", upload.content_type);
    if (const auto md5 = md5_of(upload.content, 0, upload.content.size())) {
      headers.set("x-ms-blob-content-md5", *md5);
    }
    headers.set(kDigestHeader, upload.digest.hex());
    headers.set(kUploadHeader, upload.id);
    if (upload.condition == PutCondition::create_only) headers.set("If-None-Match", "*");
  }

  Result<ObjectInfo> stored(const transport::Response& answer, const Upload& upload) const {
    if (answer.status != 201) return std::unexpected(failure_of_container(answer));
    auto described = microsoft::described(answer, upload.content.size());
    if (!described) return std::unexpected(std::move(described.error()));
    return std::move(described->info);
  }

  /// https://learn.microsoft.com/rest/api/storageservices/put-blob: takes the place of blobs of any
  /// kind.
  Task<Result<ObjectInfo>> put_whole(Upload upload) {
    transport::Request putting = request("PUT", blob_url(upload.key));
    putting.headers.set("x-ms-blob-type", "BlockBlob");
    add_properties(putting.headers, upload);
    putting.body = body_of(upload.content);
    putting.timeouts = timeouts_for(upload.content.size());
    Task<Result<transport::Response>> sending = caller_->send(std::move(putting));
    auto answer = co_await std::move(sending);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    co_return stored(*answer, upload);
  }

  /// https://learn.microsoft.com/rest/api/storageservices/put-block-list. Blocks of an upload that
  /// ends before its list go away by themselves, after a week.
  Task<Result<ObjectInfo>> put_blocks(Upload upload) {
    constexpr int kAttempts = 3;
    for (int attempt = 1;; ++attempt) {
      Task<Result<transport::Response>> putting = put_block_list(upload);
      auto answer = co_await std::move(putting);
      if (!answer) co_return std::unexpected(std::move(answer.error()));
      const std::string code = answer->status == 201 ? "" : error_code(*answer);
      // Blocks cannot be added to a blob of another kind (the Go server's are append blobs), nor
      // beside somebody's that have longer identifiers.
      if ((code == "InvalidBlobType" || code == "InvalidBlobOrBlock" ||
           code == "BlobOperationNotSupported") &&
          upload.content.size() <= kLargestWhole) {
        Task<Result<ObjectInfo>> whole = put_whole(std::move(upload));
        co_return co_await std::move(whole);
      }
      // Somebody else stored the blob meanwhile, which dropped our blocks.
      if (code == "InvalidBlockList" && attempt < kAttempts) continue;
      co_return stored(*answer, upload);
    }
  }

  /// The answer to the list, or to the block that was refused.
  Task<Result<transport::Response>> put_block_list(const Upload& upload) {
    std::string list = R"(<?xml version="1.0" encoding="utf-8"?><BlockList>)";
    const std::uint64_t size = upload.content.size();
    for (std::uint64_t offset = 0; offset < size; offset += settings_.block_size) {
      const std::string id = block_id(upload, offset / settings_.block_size);
      const std::uint64_t length = std::min(settings_.block_size, size - offset);
      transport::Request block = request(
          "PUT", blob_url(upload.key) + '?' + query_string({{"comp", "block"}, {"blockid", id}}));
      if (const auto md5 = md5_of(upload.content, offset, length)) {
        block.headers.set("Content-MD5", *md5);
      }
      block.body = body_of(upload.content, offset, length);
      block.timeouts = timeouts_for(length);
      Task<Result<transport::Response>> sending = caller_->send(std::move(block));
      auto answer = co_await std::move(sending);
      if (!answer || answer->status != 201) co_return answer;
      // Not <Uncommitted>: a list that is sent again finds its blocks committed.
      list.append("<Latest>").append(id).append("</Latest>");
    }
    transport::Request commit = request("PUT", blob_url(upload.key) + "?comp=blocklist");
    add_properties(commit.headers, upload);
    commit.body = transport::body_of(list + "</BlockList>");
    Task<Result<transport::Response>> sending = caller_->send(std::move(commit));
    co_return co_await std::move(sending);
  }

  static constexpr std::uint64_t kLargestWhole = 256ULL * 1024 * 1024;  // of the oldest version

  const std::shared_ptr<Caller> caller_;
  const BlobSettings settings_;
};

}  // namespace

std::shared_ptr<Protocol> make_blob_protocol(std::shared_ptr<Caller> caller,
                                             BlobSettings settings) {
  return std::make_shared<BlobProtocol>(std::move(caller), std::move(settings));
}

}  // namespace chartmuseum::storage::microsoft
