// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/shared_key.hpp"

#include "base/ascii.hpp"
#include "base/http_date.hpp"
#include "storage/remote/hashes.hpp"
#include "storage/remote/uri.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::storage::microsoft {

namespace {

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), ascii_lower);
  return lowered;
}

std::string canonical_headers(const transport::Headers& headers) {
  std::map<std::string, std::string_view> sorted;
  for (const auto& [name, value] : headers.all()) {
    std::string lowered = lower(name);
    if (lowered.starts_with("x-ms-")) sorted.emplace(std::move(lowered), trim(value));
  }
  std::string text;
  for (const auto& [name, value] : sorted) text.append(name).append(":").append(value).append("\n");
  return text;
}

/// The path as it is sent, without scheme and host, and each parameter of the query decoded.
std::string canonical_resource(std::string_view url, const std::string& account) {
  const std::size_t host = url.find("://") + 3;
  std::string_view target = url.substr(std::min(url.find_first_of("/?", host), url.size()));
  const std::string_view path = target.substr(0, target.find('?'));
  std::string_view query = target.substr(std::min(path.size() + 1, target.size()));

  std::map<std::string, std::vector<std::string>> parameters;
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(parameter.size() + 1, query.size()));
    const std::string_view name = parameter.substr(0, parameter.find('='));
    const std::string_view value = parameter.substr(std::min(name.size() + 1, parameter.size()));
    parameters[lower(percent_decoded(name))].push_back(percent_decoded(value));
  }
  std::string text = "/" + account;
  text += path.empty() ? "/" : path;
  for (auto& [name, values] : parameters) {
    std::ranges::sort(values);
    text.append("\n").append(name);
    for (char separator = ':'; const std::string& value : values) {
      text.append(1, std::exchange(separator, ',')).append(value);
    }
  }
  return text;
}

class SharedKeyAuthorizer final : public Authorizer {
 public:
  SharedKeyAuthorizer(std::string account, AccountKey key, std::shared_ptr<ServiceClock> clock)
      : account_(std::move(account)), key_(std::move(key)), clock_(std::move(clock)) {}

  Task<Result<transport::Request>> authorize(transport::Request request) override {
    request.headers.set("x-ms-date", format_http_date(clock_->now()));
    const std::string text = shared_key_text(request, account_);
    request.headers.set("Authorization",
                        "SharedKey " + account_ + ':' + base64(hmac_sha256(key_.bytes, text)));
    co_return request;
  }

  bool may_fare_better(const transport::Response& refusal) override {
    return refusal.status == 403 && clock_->corrected_by(refusal);
  }

 private:
  const std::string account_;
  const AccountKey key_;
  const std::shared_ptr<ServiceClock> clock_;
};

}  // namespace

std::string shared_key_text(const transport::Request& request, const std::string& account) {
  const std::uint64_t size = request.body ? request.body->size() : 0;
  std::string text = request.method + '\n';
  const auto add = [&](std::string_view value) { text.append(value).append("\n"); };
  const auto add_header = [&](std::string_view name) {
    add(request.headers.get(name).value_or(""));
  };
  add_header("Content-Encoding");
  add_header("Content-Language");
  add(size == 0 ? "" : std::to_string(size));  // since version 2015-02-21
  add_header("Content-MD5");
  add_header("Content-Type");
  add("");  // the date is in x-ms-date
  add_header("If-Modified-Since");
  add_header("If-Match");
  add_header("If-None-Match");
  add_header("If-Unmodified-Since");
  add_header("Range");
  return text + canonical_headers(request.headers) + canonical_resource(request.url, account);
}

std::shared_ptr<Authorizer> make_shared_key_authorizer(std::string account, AccountKey key,
                                                       std::shared_ptr<ServiceClock> clock) {
  return std::make_shared<SharedKeyAuthorizer>(std::move(account), std::move(key),
                                               std::move(clock));
}

}  // namespace chartmuseum::storage::microsoft
