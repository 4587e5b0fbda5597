// SPDX-License-Identifier: Apache-2.0
#include "auth/claims.hpp"

#include "encoding/json_text.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace chartmuseum::auth {

namespace {

namespace json = boost::json;
using Cause = TokenRefusal::Cause;
using Seconds = std::chrono::duration<double>;

/// A NumericDate (RFC 7519, section 2), also with a fraction. Doubles compare safely whatever
/// number stands there, and are exact far beyond our time.
struct Date {
  bool present = false;
  double seconds = 0;
};

std::expected<Date, TokenRefusal> date_of(const json::object& claims, std::string_view name) {
  const json::value* const value = claims.if_contains(name);
  if (value == nullptr) return Date{};
  if (value->is_number()) {
    const double seconds = value->to_number<double>();
    if (std::isfinite(seconds)) return Date{true, seconds};
  }
  return std::unexpected(TokenRefusal{Cause::claims, std::string(name) + " is no number"});
}

constexpr double kLeewaySeconds = Seconds(kLeeway).count();

}  // namespace

std::expected<Claims, TokenRefusal> Claims::parse(std::string_view payload) {
  auto object = encoding::read_json_object(payload);
  if (!object) {
    return std::unexpected(TokenRefusal{Cause::claims, "its payload is no JSON object"});
  }
  return Claims(std::move(*object));
}

std::optional<std::string_view> Claims::subject() const {
  return encoding::string_member(object(), "sub");
}

std::optional<TokenRefusal> Claims::check_times(Timestamp now) const {
  const double seconds = Seconds(now.time_since_epoch()).count();
  const auto expires = date_of(object(), "exp");
  const auto begins = date_of(object(), "nbf");
  const auto issued = date_of(object(), "iat");
  for (const auto& date : {expires, begins, issued}) {
    if (!date) return date.error();
  }
  if (expires->present && seconds >= expires->seconds + kLeewaySeconds) {
    return TokenRefusal{Cause::expired, "it has expired"};
  }
  if (begins->present && seconds < begins->seconds - kLeewaySeconds) {
    return TokenRefusal{Cause::not_yet_valid, "it is not valid yet"};
  }
  if (issued->present && seconds < issued->seconds - kLeewaySeconds) {
    return TokenRefusal{Cause::not_yet_valid, "it was issued in the future"};
  }
  return std::nullopt;
}

std::optional<Timestamp> Claims::refused_from() const {
  const auto expires = date_of(object(), "exp");
  if (!expires || !expires->present) return std::nullopt;
  const double end = expires->seconds + kLeewaySeconds;
  constexpr double kFarthest = Seconds(Timestamp::max().time_since_epoch()).count() / 2;
  if (end >= kFarthest || end <= -kFarthest) return std::nullopt;
  return Timestamp(std::chrono::duration_cast<Timestamp::duration>(Seconds(end)));
}

std::optional<TokenRefusal> Claims::check_issuer(std::string_view issuer) const {
  if (encoding::string_member(object(), "iss") == issuer) return std::nullopt;
  return TokenRefusal{Cause::issuer, "its iss is not " + std::string(issuer)};
}

std::optional<TokenRefusal> Claims::check_audience(std::string_view audience) const {
  const auto names_it = [audience](const json::value& value) {
    return value.is_string() && std::string_view(value.get_string()) == audience;
  };
  if (const json::value* const value = object().if_contains("aud")) {
    if (names_it(*value)) return std::nullopt;
    const json::array* const list = value->if_array();
    if (list != nullptr && std::ranges::any_of(*list, names_it)) return std::nullopt;
  }
  return TokenRefusal{Cause::audience, "its aud does not name " + std::string(audience)};
}

}  // namespace chartmuseum::auth
