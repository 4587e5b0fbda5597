// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/protocol.hpp"
#include "storage/amazon/refusal.hpp"
#include "storage/amazon/xml.hpp"

#include <unordered_set>
#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

/// Whether the service knows only the first version of the listing.
bool refuses_second_version(const transport::Response& answer) {
  const std::string code = error_in(answer).code;
  return answer.status == 501 || answer.status == 405 || code == "NotImplemented" ||
         (answer.status == 400 && (code == "InvalidArgument" || code == "InvalidRequest"));
}

}  // namespace

/// `encoding-type=url`, because XML cannot hold every character that a key may have.
transport::Request S3Protocol::list_page(const std::string& prefix, const std::string& next,
                                         bool second_version) const {
  QueryParameters parameters{{"delimiter", "/"}, {"encoding-type", "url"}, {"max-keys", "1000"}};
  if (second_version) parameters.emplace_back("list-type", "2");
  if (!prefix.empty()) parameters.emplace_back("prefix", prefix);
  if (!next.empty())
    parameters.emplace_back(second_version ? "continuation-token" : "marker", next);
  transport::Request request;
  request.url = endpoint_.bucket_url(parameters);
  // A thousand keys of 1,024 bytes, each byte as "%XX", and what stands beside them.
  request.response_limit = 16UL * 1024 * 1024;
  return request;
}

Task<Result<std::vector<ObjectInfo>>> S3Protocol::list(std::string prefix) {
  if (second_version_) {
    Task<Result<std::vector<ObjectInfo>>> listing = list_all(prefix, true);
    auto objects = co_await std::move(listing);
    if (objects || second_version_) co_return objects;
  }
  Task<Result<std::vector<ObjectInfo>>> listing = list_all(std::move(prefix), false);
  co_return co_await std::move(listing);
}

Task<Result<std::vector<ObjectInfo>>> S3Protocol::list_all(std::string prefix,
                                                           bool second_version) {
  std::vector<ObjectInfo> objects;
  std::unordered_set<std::string> seen;
  std::string next;
  for (;;) {
    Task<Result<transport::Response>> sending =
        caller_->send(list_page(prefix, next, second_version));
    auto answer = co_await std::move(sending);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    if (answer->status != 200) {
      if (second_version && next.empty() && refuses_second_version(*answer)) {
        second_version_ = false;
      }
      co_return std::unexpected(failure(*answer));
    }
    auto page = read_listing(answer->body);
    if (!page) co_return std::unexpected(broken(page.error()));
    std::string last = page->objects.empty() ? std::string() : page->objects.back().name;
    for (ObjectInfo& object : page->objects) {
      if (!object.name.starts_with(prefix)) {
        co_return std::unexpected(broken("its listing holds keys that were not asked for"));
      }
      object.name.erase(0, prefix.size());
      if (object.name.contains('/')) continue;  // of a service that knows no delimiter
      objects.push_back(std::move(object));
    }
    if (!page->truncated) co_return objects;
    if (second_version && page->next.empty() && next.empty()) {
      second_version_ = false;  // it does not know the question, and has answered another one
    }
    // Only of the first version: it names the last key in this way where there is no delimiter.
    next = page->next.empty() && !second_version ? std::move(last) : std::move(page->next);
    if (next.empty() || !seen.insert(next).second) {
      co_return std::unexpected(
          broken("its listing goes in a circle, or does not say how it goes on"));
    }
  }
}

}  // namespace chartmuseum::storage::amazon
