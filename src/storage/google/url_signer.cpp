// SPDX-License-Identifier: Apache-2.0
#include "storage/google/url_signer.hpp"

#include "base/digest.hpp"
#include "storage/remote/hashes.hpp"
#include "storage/remote/uri.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace chartmuseum::storage::google {

namespace {

constexpr std::string_view kHost = "storage.googleapis.com";

/// "20190201T090000Z"
std::string basic_date(std::chrono::system_clock::time_point instant) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(instant);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return {text, size};
}

}  // namespace

UrlSigner::UrlSigner(std::string account, RsaKey key)
    : account_(std::move(account)), key_(std::move(key)) {}

std::string UrlSigner::url_for(const std::string& bucket, const std::string& key,
                               std::chrono::seconds valid,
                               std::chrono::system_clock::time_point now) const {
  constexpr std::chrono::seconds kLongest = std::chrono::days(7);
  const std::string algorithm = "GOOG4-RSA-SHA256";
  const std::string date = basic_date(now);
  const std::string scope = date.substr(0, 8) + "/auto/storage/goog4_request";
  const std::string path = '/' + percent_encoded(bucket) + '/' + percent_encoded(key, "/");
  const std::string query =
      query_string({{"X-Goog-Algorithm", algorithm},
                    {"X-Goog-Credential", account_ + '/' + scope},
                    {"X-Goog-Date", date},
                    {"X-Goog-Expires",
                     std::to_string(std::clamp(valid, std::chrono::seconds(1), kLongest).count())},
                    {"X-Goog-SignedHeaders", "host"}});
  const std::string canonical =
      "GET\n" + path + '\n' + query + "\nhost:" + std::string(kHost) + "\n\nhost\nUNSIGNED-PAYLOAD";
  const std::string to_sign =
      algorithm + '\n' + date + '\n' + scope + '\n' + Digest::of(canonical).hex();
  return "https://" + std::string(kHost) + path + '?' + query +
         "&X-Goog-Signature=" + hex(key_.sign(to_sign));
}

}  // namespace chartmuseum::storage::google
