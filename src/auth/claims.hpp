// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/token_refusal.hpp"
#include "base/timestamp.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace chartmuseum::auth {

/// How far the clock of whoever issues tokens may be from ours.
inline constexpr std::chrono::seconds kLeeway{60};

/// What a token says (RFC 7519): a JSON object. Immutable; copies share it. Thread-safe.
class Claims {
 public:
  /// From the bytes of a payload.
  [[nodiscard]] static std::expected<Claims, TokenRefusal> parse(std::string_view payload);
  explicit Claims(boost::json::object object)
      : value_(std::make_shared<const boost::json::value>(std::move(object))) {}

  [[nodiscard]] const boost::json::object& object() const { return value_->get_object(); }
  [[nodiscard]] const boost::json::value& value() const { return *value_; }  // the same object

  /// Whom the token is about ("sub"), if it says so in a text.
  [[nodiscard]] std::optional<std::string_view> subject() const;

  /// Nothing if `now` is within "exp", "nbf" and "iat", as far as they are there (RFC 7519,
  /// sections 4.1.4 to 4.1.6), give or take kLeeway. One that is not a number is refused.
  [[nodiscard]] std::optional<TokenRefusal> check_times(Timestamp now) const;

  /// From when on check_times() refuses it; nothing if never, or beyond what a clock can say.
  /// For claims that it accepts now.
  [[nodiscard]] std::optional<Timestamp> refused_from() const;

  /// Nothing if "iss" is exactly `issuer` (section 4.1.1).
  [[nodiscard]] std::optional<TokenRefusal> check_issuer(std::string_view issuer) const;

  /// Nothing if "aud", a text or an array of texts, has `audience` (section 4.1.3).
  [[nodiscard]] std::optional<TokenRefusal> check_audience(std::string_view audience) const;

 private:
  std::shared_ptr<const boost::json::value> value_;  // an object
};

}  // namespace chartmuseum::auth
