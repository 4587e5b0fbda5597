// SPDX-License-Identifier: Apache-2.0
#include "storage/google/service_account.hpp"

#include "base/http_date.hpp"
#include "encoding/json_text.hpp"
#include "storage/google/token_request.hpp"
#include "storage/remote/hashes.hpp"

#include <boost/json/serialize.hpp>

#include <optional>
#include <utility>

namespace chartmuseum::storage::google {

namespace {

namespace json = boost::json;
using encoding::string_member;

constexpr const char* kTokenUrl = "https://oauth2.googleapis.com/token";

/// How far the service's clock is from ours, if so far that it refuses what was issued by ours.
std::optional<std::chrono::system_clock::time_point> other_time(
    const transport::Response& refusal, std::chrono::system_clock::time_point ours) {
  const auto date = refusal.headers.get("date");
  const auto theirs = date ? parse_http_date(*date) : std::nullopt;
  if (!theirs || std::chrono::abs(*theirs - ours) < std::chrono::minutes(1)) return std::nullopt;
  return *theirs;
}

}  // namespace

std::expected<std::shared_ptr<ServiceAccount>, std::string> ServiceAccount::read(
    const json::object& file, std::shared_ptr<transport::Client> client, Now now) {
  const auto email = string_member(file, "client_email");
  if (!email || email->empty()) return std::unexpected("it has no \"client_email\"");
  const auto pem = string_member(file, "private_key");
  if (!pem) return std::unexpected("it has no \"private_key\"");
  auto key = RsaKey::from_pem(*pem);
  if (!key) return std::unexpected("its \"private_key\" is no RSA key in PEM");
  auto url = url_member(file, "token_uri", kTokenUrl);
  if (!url) return std::unexpected(std::move(url.error()));
  return std::shared_ptr<ServiceAccount>(
      new ServiceAccount(std::move(client), std::move(now), std::string(*email),
                         std::string(string_member(file, "private_key_id").value_or("")),
                         std::move(*url), std::move(*key)));
}

ServiceAccount::ServiceAccount(std::shared_ptr<transport::Client> client, Now now,
                               std::string email, std::string key_id, std::string token_url,
                               RsaKey key)
    : client_(std::move(client)),
      now_(std::move(now)),
      email_(std::move(email)),
      key_id_(std::move(key_id)),
      token_url_(std::move(token_url)),
      key_(std::move(key)) {}

std::string ServiceAccount::assertion(const std::string& scope,
                                      std::chrono::system_clock::time_point issued) const {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(issued.time_since_epoch()).count();
  json::object header{{"alg", "RS256"}, {"typ", "JWT"}};
  if (!key_id_.empty()) header["kid"] = key_id_;
  const json::object claims{{"iss", email_},
                            {"scope", scope},
                            {"aud", token_url_},
                            {"iat", seconds},
                            {"exp", seconds + 3600}};
  const std::string text =
      base64url(json::serialize(header)) + '.' + base64url(json::serialize(claims));
  return text + '.' + base64url(key_.sign(text));
}

Task<Result<Expiring<std::string>>> ServiceAccount::fetch(std::string scope) {
  const std::string asked = token_url_ + ", asked for a token of " + email_ + ',';
  auto issued = now_();
  for (bool corrected = false;; corrected = true) {
    Task<Result<transport::Response>> asking = ask_for_token(
        client_,
        form_request(token_url_, {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                                  {"assertion", assertion(scope, issued)}}));
    auto answer = co_await std::move(asking);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    // A clock that goes wrong is refused as any other wrong claim is.
    const auto theirs = answer->status == 400 ? other_time(*answer, issued) : std::nullopt;
    if (!theirs || corrected) co_return token_in(*answer, asked);
    issued = *theirs;
  }
}

}  // namespace chartmuseum::storage::google
