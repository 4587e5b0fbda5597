// SPDX-License-Identifier: Apache-2.0
// A token may hold anything, and so may the claims of one that is signed.
#include "auth/base64url.hpp"
#include "auth/challenge.hpp"
#include "auth/claims.hpp"
#include "auth/jwk_set.hpp"
#include "auth/pem_keys.hpp"
#include "auth/token.hpp"
#include "auth/token_actions.hpp"
#include "unit/auth/published_tokens.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace auth = chartmuseum::auth;

void require(bool holds) {
  if (!holds) std::abort();
}

/// The keys of the standards' examples, which nobody but they has signed anything with.
const auth::JwkSet& published_keys() {
  static const auth::JwkSet keys =
      auth::read_jwk_set(R"({"keys":[)" + std::string(auth::published::kRsaKey) + ',' +
                         std::string(auth::published::kEllipticKey) + ',' +
                         std::string(auth::published::kEdwardsKey) + "]}")
          .value();
  return keys;
}

bool is_published(std::string_view signing_input) {
  for (const std::string_view token :
       {auth::published::kRs256, auth::published::kEs256, auth::published::kEddsa}) {
    if (signing_input == token.substr(0, token.rfind('.'))) return true;
  }
  return false;
}

void check_token(std::string_view text) {
  const auto token = auth::SignedToken::parse(text);
  if (!token) {
    require(!token.error().reason.empty() && token.error().reason.size() < 100);
    return;
  }
  for (const auth::VerificationKey& key : published_keys().keys) {
    if (key.verify(token->algorithm, token->signing_input, token->signature)) {
      require(is_published(token->signing_input));
    }
  }
}

void check_claims(std::string_view payload) {
  const auto claims = auth::Claims::parse(payload);
  if (!claims) return;
  const chartmuseum::Timestamp now{std::chrono::seconds(1'700'000'000)};
  if (!claims->check_times(now)) {
    const auto end = claims->refused_from();
    require(!end || *end > now);
  }
  (void)claims->check_issuer("https://login.example.com");
  (void)claims->check_audience("charts");
  const std::string_view subject = claims->subject().value_or("");
  const auto actions = auth::access_claim_actions();
  for (const auth::Action action : auth::kActions) {
    (void)actions->allow(*claims, subject, action);
    const std::string challenge = auth::bearer_challenge(subject, payload, subject, action);
    for (const char c : challenge) {
      require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_token(text);
  check_claims(text);
  (void)auth::read_pem_keys(text);
  return 0;
}
