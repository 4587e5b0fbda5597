// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/sigv4.hpp"

#include "base/ascii.hpp"
#include "base/digest.hpp"
#include "storage/remote/hashes.hpp"
#include "storage/remote/uri.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::storage::amazon {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";

struct UrlParts {
  std::string host;
  std::string path;
  std::string query;
};

/// The host as libcurl names it in the Host field: without the scheme's own port.
UrlParts parts_of(const std::string& url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string::npos) throw std::invalid_argument("no URL to sign");
  const std::size_t host = scheme_end + 3;
  const std::size_t path = std::min(url.find_first_of("/?", host), url.size());
  const std::size_t query = std::min(url.find('?', path), url.size());
  UrlParts parts{url.substr(host, path - host), url.substr(path, query - path),
                 query < url.size() ? url.substr(query + 1) : std::string()};
  const std::string_view own_port = url.starts_with("https:") ? ":443" : ":80";
  if (parts.host.ends_with(own_port)) parts.host.resize(parts.host.size() - own_port.size());
  if (parts.path.empty()) parts.path = "/";
  return parts;
}

/// Sorted by name, then by value; both as they are encoded.
std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    if (one.empty()) continue;
    const std::size_t equals = std::min(one.find('='), one.size());
    parameters.emplace_back(one.substr(0, equals), one.substr(std::min(equals + 1, one.size())));
  }
  std::ranges::sort(parameters);
  std::string canonical;
  for (const auto& [name, value] : parameters) {
    if (!canonical.empty()) canonical += '&';
    canonical.append(name).append("=").append(value);
  }
  return canonical;
}

/// Without spaces at the ends, and with one where there are several.
std::string canonical_value(std::string_view value) {
  std::string canonical;
  for (const char c : trim(value)) {
    if (c == ' ' && canonical.ends_with(' ')) continue;
    canonical += c;
  }
  return canonical;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), ascii_lower);
  return lowered;
}

/// "20130524T000000Z"
std::string amz_date(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

/// What is to be signed of a request.
struct Canonical {
  std::string method;
  std::string path;
  std::string query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string payload;                         // its hash

  [[nodiscard]] std::string signed_headers() const {
    std::string names;
    for (const auto& [name, value] : headers) {
      if (!names.empty()) names += ';';
      names += name;
    }
    return names;
  }

  [[nodiscard]] std::string text() const {
    std::string text = method + '\n' + path + '\n' + canonical_query(query) + '\n';
    for (const auto& [name, value] : headers) text.append(name).append(":").append(value) += '\n';
    return text + '\n' + signed_headers() + '\n' + payload;
  }
};

std::string scope_text(const SigningScope& scope, const std::string& date) {
  return date.substr(0, 8) + '/' + scope.region + '/' + scope.service + "/aws4_request";
}

std::string signature(const Canonical& canonical, const Credentials& credentials,
                      const SigningScope& scope, const std::string& date) {
  const std::string to_sign = std::string(kAlgorithm) + '\n' + date + '\n' +
                              scope_text(scope, date) + '\n' + Digest::of(canonical.text()).hex();
  std::string key = hmac_sha256("AWS4" + credentials.secret_key, date.substr(0, 8));
  key = hmac_sha256(key, scope.region);
  key = hmac_sha256(key, scope.service);
  key = hmac_sha256(key, "aws4_request");
  return hex(hmac_sha256(key, to_sign));
}

}  // namespace

void sign(transport::Request& request, const Credentials& credentials, const SigningScope& scope) {
  const std::string date = amz_date(scope.time);
  request.headers.set("X-Amz-Date", date);
  if (!credentials.session_token.empty()) {
    request.headers.set("X-Amz-Security-Token", credentials.session_token);
  }
  UrlParts url = parts_of(request.url);
  const auto hash = request.headers.get("x-amz-content-sha256");
  Canonical canonical{request.method,
                      std::move(url.path),
                      std::move(url.query),
                      {{"host", std::move(url.host)}},
                      hash ? std::string(*hash) : body_hash(request)};
  for (const transport::Header& header : request.headers.all()) {
    const auto [place, is_first] =
        canonical.headers.try_emplace(lower(header.name), canonical_value(header.value));
    if (!is_first) place->second += ',' + canonical_value(header.value);
  }
  const std::string code = signature(canonical, credentials, scope, date);
  request.headers.set("Authorization",
                      std::string(kAlgorithm) + " Credential=" + credentials.access_key + '/' +
                          scope_text(scope, date) +
                          ", SignedHeaders=" + canonical.signed_headers() + ", Signature=" + code);
}

std::string presigned_url(const std::string& method, const std::string& url,
                          const Credentials& credentials, const SigningScope& scope,
                          std::chrono::seconds valid) {
  const std::string date = amz_date(scope.time);
  QueryParameters parameters{
      {"X-Amz-Algorithm", std::string(kAlgorithm)},
      {"X-Amz-Credential", credentials.access_key + '/' + scope_text(scope, date)},
      {"X-Amz-Date", date},
      {"X-Amz-Expires", std::to_string(valid.count())},
      {"X-Amz-SignedHeaders", "host"}};
  if (!credentials.session_token.empty()) {
    parameters.emplace_back("X-Amz-Security-Token", credentials.session_token);
  }
  const std::string whole = url + (url.contains('?') ? '&' : '?') + query_string(parameters);
  UrlParts parts = parts_of(whole);
  const Canonical canonical{method,
                            std::move(parts.path),
                            std::move(parts.query),
                            {{"host", std::move(parts.host)}},
                            std::string(kUnsigned)};
  return whole + "&X-Amz-Signature=" + signature(canonical, credentials, scope, date);
}

std::string body_hash(const transport::Request& request) {
  if (!request.body) return Digest::of("").hex();
  std::string bytes(request.body->size(), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = request.body->read(done, std::span(bytes).subspan(done));
    if (!count) throw std::runtime_error("the body to be signed cannot be read");
    done += *count;
  }
  return Digest::of(bytes).hex();
}

}  // namespace chartmuseum::storage::amazon
