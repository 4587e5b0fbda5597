// SPDX-License-Identifier: Apache-2.0
#include "auth/token_verifier.hpp"

#include "auth/base64url.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::auth {

namespace {

using Cause = TokenRefusal::Cause;

/// How many keys are tried for one token, which a stranger may have made up.
constexpr int kMostTries = 64;

}  // namespace

TokenVerifier::TokenVerifier(Settings settings)
    : settings_(std::move(settings)), cache_(settings_.remembered_bytes) {}

TokenVerifier::Signature TokenVerifier::check_signature(const SignedToken& token,
                                                        const KeySet& keys) {
  Signature signature;
  int tries = 0;
  for (const VerificationKey& key : keys.keys) {
    if (!key.fits(token.algorithm)) continue;
    const bool both_named = token.key_id && key.id();
    if (both_named && *key.id() != *token.key_id) continue;
    signature.key_found = true;
    signature.key_named = signature.key_named || both_named;
    if (tries++ == kMostTries) break;
    if (key.verify(token.algorithm, token.signing_input, token.signature)) {
      signature.right = true;
      break;
    }
  }
  return signature;
}

std::expected<Claims, TokenRefusal> TokenVerifier::check_claims(std::string_view payload,
                                                                Timestamp now) const {
  const auto bytes = decode_base64url(payload);
  if (!bytes) return std::unexpected(TokenRefusal{Cause::malformed, "a part is not base64url"});
  auto claims = Claims::parse(*bytes);
  if (!claims) return claims;
  if (auto refusal = claims->check_times(now)) return std::unexpected(std::move(*refusal));
  if (settings_.issuer) {
    if (auto refusal = claims->check_issuer(*settings_.issuer)) {
      return std::unexpected(std::move(*refusal));
    }
  }
  if (settings_.audience) {
    if (auto refusal = claims->check_audience(*settings_.audience)) {
      return std::unexpected(std::move(*refusal));
    }
  }
  return claims;
}

Task<std::expected<Claims, TokenRefusal>> TokenVerifier::verify(std::string_view token) {
  using Result = std::expected<Claims, TokenRefusal>;
  Digest digest;
  KeySetPointer keys = settings_.keys->current();
  const Timestamp now = settings_.clock();
  if (token.size() <= kLargestToken) {
    digest = Digest::of(token);
    if (keys != nullptr) {
      if (auto known = cache_.find(digest, keys->generation, now)) co_return Result(*known);
    }
  }
  const auto parsed = SignedToken::parse(token);
  if (!parsed) co_return Result(std::unexpected(parsed.error()));

  Signature signature;
  if (keys != nullptr) signature = check_signature(*parsed, *keys);
  if (!signature.right && !signature.key_named) {
    Task<KeySetPointer> task = settings_.keys->renew(keys);
    KeySetPointer newer = co_await std::move(task);
    if (newer != keys && newer != nullptr) {
      keys = std::move(newer);
      signature = check_signature(*parsed, *keys);
    }
  }
  if (keys == nullptr) {
    co_return Result(std::unexpected(
        TokenRefusal{Cause::keys_unavailable, "the issuer's keys are not to be had"}));
  }
  if (!signature.right) {
    co_return Result(std::unexpected(
        signature.key_found
            ? TokenRefusal{Cause::signature, "its signature is wrong"}
            : TokenRefusal{Cause::unknown_key, "no key fits its algorithm and kid"}));
  }

  auto claims = check_claims(parsed->payload, now);
  if (claims) {
    const Timestamp longest = now + settings_.remember_for;
    cache_.insert(digest, {.claims = *claims,
                           .until = std::min(longest, claims->refused_from().value_or(longest)),
                           .generation = keys->generation,
                           .size = token.size()});
  }
  co_return claims;
}

}  // namespace chartmuseum::auth
