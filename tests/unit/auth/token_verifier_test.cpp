// SPDX-License-Identifier: Apache-2.0
#include "auth/token_verifier.hpp"

#include "auth/openssl.hpp"
#include "conformance/run_task.hpp"
#include "fixed_keys.hpp"
#include "published_tokens.hpp"
#include "token_signer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::auth {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Cause = TokenRefusal::Cause;

class TokenVerifierTest : public testing::Test {
 protected:
  TokenVerifier::Settings settings() {
    TokenVerifier::Settings settings;
    settings.keys = keys_;
    settings.clock = [this] { return now_.load(); };
    return settings;
  }
  /// "ok", or why not.
  std::string outcome(TokenVerifier& verifier, std::string_view token) {
    const auto claims = run_task(verifier.verify(token));
    return claims ? "ok" : claims.error().reason;
  }
  std::string outcome(std::string_view token) { return outcome(verifier_, token); }

  std::atomic<Timestamp> now_{Timestamp(seconds(1'700'000'000))};
  TokenSigner signer_ = TokenSigner::ed25519();
  std::shared_ptr<FixedKeys> keys_ = std::make_shared<FixedKeys>(signer_.jwk(R"(,"kid":"1")"));
  TokenVerifier verifier_{settings()};
};

TEST_F(TokenVerifierTest, believes_a_token_that_is_signed_with_its_key) {
  const auto claims =
      run_task(verifier_.verify(signer_.token("EdDSA", R"({"sub":"jane","exp":1700000001})")));
  ASSERT_TRUE(claims) << claims.error().reason;
  EXPECT_EQ(claims->subject(), "jane");
}

TEST_F(TokenVerifierTest, believes_the_examples_of_the_standards_as_long_as_they_are_valid) {
  keys_->set(std::string(published::kRsaKey) + ',' + std::string(published::kEllipticKey) + ',' +
             std::string(published::kEdwardsKey));
  now_ = Timestamp(seconds(1'300'819'380));
  for (const std::string_view token : {published::kRs256, published::kEs256}) {
    const auto claims = run_task(verifier_.verify(token));
    ASSERT_TRUE(claims) << claims.error().reason;
    EXPECT_TRUE(claims->object().at("http://example.com/is_root").as_bool());
  }
  now_ = Timestamp(seconds(1'300'819'380 + 60));
  EXPECT_EQ(outcome(published::kRs256), "it has expired");
  EXPECT_EQ(outcome(published::kEddsa), "its payload is no JSON object");
  EXPECT_EQ(outcome(published::kHs256), "its algorithm HS256 is not accepted");
  EXPECT_EQ(outcome(published::kUnsecured), "its algorithm none is not accepted");
  EXPECT_EQ(outcome(published::kEs512), "its algorithm ES512 is not accepted");
}

TEST_F(TokenVerifierTest, refuses_a_token_of_which_any_character_is_another) {
  const std::string good = signer_.token("EdDSA", R"({"sub":"jane"})");
  ASSERT_EQ(outcome(good), "ok");
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char other : {'A', 'B', '_', '.', '=', '\0', ' '}) {
      if (good[i] == other) continue;
      std::string bad = good;
      bad[i] = other;
      EXPECT_NE(outcome(bad), "ok") << bad;
    }
  }
}

TEST_F(TokenVerifierTest, refuses_a_token_that_is_cut_off_or_longer) {
  const std::string good = signer_.token("EdDSA", R"({"sub":"jane"})");
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(outcome(std::string_view(good).substr(0, size)), "ok") << size;
  }
  for (const char* more : {"A", "AA", "AAAA", "=", ".", "\n", " "}) {
    EXPECT_NE(outcome(good + more), "ok") << more;
  }
}

TEST_F(TokenVerifierTest, refuses_parts_of_different_tokens_together) {
  const std::string one = signer_.token("EdDSA", R"({"sub":"jane"})");
  const std::string two = signer_.token("EdDSA", R"({"sub":"jack"})");
  EXPECT_EQ(outcome(one.substr(0, one.rfind('.')) + two.substr(two.rfind('.'))),
            "its signature is wrong");
}

TEST_F(TokenVerifierTest, is_not_led_to_take_a_public_key_for_a_shared_secret) {
  const std::string secret = TokenSigner::rsa().public_pem();
  keys_->set(TokenSigner::rsa().jwk());
  const std::string input =
      encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + '.' + encode_base64url(R"({"sub":"x"})");
  std::array<unsigned char, 32> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), openssl::bytes_of(input),
       input.size(), mac.data(), &size);
  const std::string_view bytes(reinterpret_cast<const char*>(mac.data()), size);
  EXPECT_EQ(outcome(input + '.' + encode_base64url(bytes)), "its algorithm HS256 is not accepted");
}

TEST_F(TokenVerifierTest, takes_no_key_from_the_token) {
  const TokenSigner stranger = TokenSigner::ed25519();
  EXPECT_EQ(outcome(stranger.token("EdDSA", "{}", ",\"jwk\":" + stranger.jwk())),
            "its signature is wrong");
  EXPECT_EQ(
      outcome(stranger.token(
          "EdDSA", "{}", R"(,"jku":"https://evil.example.com/keys","x5u":"https://x","kid":"2")")),
      "no key fits its algorithm and kid");
}

TEST_F(TokenVerifierTest, tries_only_keys_that_fit_algorithm_and_kid) {
  const TokenSigner other = TokenSigner::ed25519();
  keys_->set(signer_.jwk(R"(,"kid":"1")") + ',' + other.jwk(R"(,"kid":"2")"));
  EXPECT_EQ(outcome(other.token("EdDSA", "{}", R"(,"kid":"2")")), "ok");
  EXPECT_EQ(outcome(other.token("EdDSA", "{}", R"(,"kid":"1")")), "its signature is wrong");
  EXPECT_EQ(outcome(other.token("EdDSA", "{}", R"(,"kid":"3")")),
            "no key fits its algorithm and kid");
  EXPECT_EQ(outcome(other.token("EdDSA", "{}")), "ok") << "all are tried for a token without kid";
  EXPECT_EQ(outcome(TokenSigner::rsa().token("RS256", "{}", R"(,"kid":"2")")),
            "no key fits its algorithm and kid");
}

TEST_F(TokenVerifierTest, tries_keys_without_kid_for_every_token) {
  keys_->set(TokenSigner::elliptic("P-256").jwk() + ',' + TokenSigner::ed25519().jwk() + ',' +
             signer_.jwk());
  EXPECT_EQ(outcome(signer_.token("EdDSA", "{}", R"(,"kid":"AXMA:7DSP")")), "ok");
}

TEST_F(TokenVerifierTest, looks_at_issuer_and_audience_only_where_they_are_asked_for) {
  EXPECT_EQ(outcome(signer_.token("EdDSA", R"({"iss":7,"aud":{"x":[]}})")), "ok");
  TokenVerifier::Settings strict = settings();
  strict.issuer = "https://login.example.com";
  strict.audience = "charts";
  TokenVerifier verifier(strict);
  const auto of = [&](const char* payload) {
    return outcome(verifier, signer_.token("EdDSA", payload));
  };
  EXPECT_EQ(of(R"({"iss":"https://login.example.com","aud":["x","charts"]})"), "ok");
  EXPECT_EQ(of(R"({"iss":"https://evil.example.com","aud":"charts"})"),
            "its iss is not https://login.example.com");
  EXPECT_EQ(of(R"({"iss":"https://login.example.com"})"), "its aud does not name charts");
  EXPECT_EQ(of("{}"), "its iss is not https://login.example.com");
}

TEST_F(TokenVerifierTest, refuses_signed_claims_that_make_no_sense) {
  for (const char* payload : {"", "null", "[]", "{", R"({"exp":"soon"})", R"({"a":1,"a":2})"}) {
    EXPECT_NE(outcome(signer_.token("EdDSA", payload)), "ok") << payload;
  }
}

TEST_F(TokenVerifierTest, remembers_a_token_but_not_beyond_its_end) {
  const std::string token = signer_.token("EdDSA", R"({"exp":1700000100})");
  EXPECT_EQ(outcome(token), "ok");
  now_ = now_.load() + seconds(159);
  EXPECT_EQ(outcome(token), "ok");
  now_ = now_.load() + seconds(1);
  EXPECT_EQ(outcome(token), "it has expired");
}

TEST_F(TokenVerifierTest, shares_the_claims_of_a_token_that_it_remembers_for_some_minutes) {
  const std::string token = signer_.token("EdDSA", "{}");
  const auto claims = [&] { return run_task(verifier_.verify(token)).value(); };
  const Claims first = claims();
  now_ = now_.load() + minutes(5) - seconds(1);
  EXPECT_EQ(&claims().object(), &first.object());
  now_ = now_.load() + seconds(1);
  EXPECT_NE(&claims().object(), &first.object());
}

TEST_F(TokenVerifierTest, forgets_what_was_signed_with_a_key_that_is_trusted_no_more) {
  const std::string token = signer_.token("EdDSA", "{}");
  EXPECT_EQ(outcome(token), "ok");
  keys_->set(TokenSigner::ed25519().jwk(R"(,"kid":"2")"));
  EXPECT_EQ(outcome(token), "its signature is wrong");
}

TEST_F(TokenVerifierTest, asks_for_new_keys_when_it_does_not_know_the_one) {
  const TokenSigner rotated = TokenSigner::ed25519();
  keys_->set_renewed(signer_.jwk(R"(,"kid":"1")") + ',' + rotated.jwk(R"(,"kid":"2")"));
  EXPECT_EQ(outcome(signer_.token("EdDSA", "{}", R"(,"kid":"1")")), "ok");
  EXPECT_EQ(keys_->renewals(), 0);
  EXPECT_EQ(outcome(rotated.token("EdDSA", "{}", R"(,"kid":"2")")), "ok");
  EXPECT_EQ(keys_->renewals(), 1);
}

TEST_F(TokenVerifierTest, asks_for_no_keys_because_of_a_wrong_signature_by_a_key_that_it_knows) {
  EXPECT_EQ(outcome(TokenSigner::ed25519().token("EdDSA", "{}", R"(,"kid":"1")")),
            "its signature is wrong");
  EXPECT_EQ(outcome("x.y.z"), "a part is not base64url");
  EXPECT_EQ(keys_->renewals(), 0);
}

TEST_F(TokenVerifierTest, tells_apart_when_there_are_no_keys_to_be_had) {
  keys_ = std::make_shared<FixedKeys>();
  TokenVerifier verifier(settings());
  const auto refused = run_task(verifier.verify(signer_.token("EdDSA", "{}")));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::keys_unavailable);
  keys_->set_renewed(signer_.jwk());
  EXPECT_EQ(outcome(verifier, signer_.token("EdDSA", "{}")), "ok");
}

TEST_F(TokenVerifierTest, of_a_megabyte_does_not_even_hash_it) {
  EXPECT_EQ(outcome(std::string(1 << 20, 'A')), "it is larger than 16 KiB");
  EXPECT_EQ(outcome(signer_.token("EdDSA", "{\"a\":\"" + std::string(1 << 20, 'a') + "\"}")),
            "it is larger than 16 KiB");
}

TEST_F(TokenVerifierTest, serves_many_threads_while_keys_come_and_go) {
  const std::string one = signer_.jwk(R"(,"kid":"1")");
  const std::string two = TokenSigner::ed25519().jwk(R"(,"kid":"2")");
  std::vector<std::string> tokens;
  for (int i = 0; i < 20; ++i) {
    tokens.push_back(
        signer_.token("EdDSA", R"({"sub":")" + std::to_string(i) + "\"}", R"(,"kid":"1")"));
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        const int number = (i * (t + 1)) % 20;
        const auto claims = run_task(verifier_.verify(tokens[static_cast<std::size_t>(number)]));
        if (claims) {
          ASSERT_EQ(claims->subject(), std::to_string(number));
        } else {
          ASSERT_EQ(claims.error().cause, Cause::unknown_key);
        }
      }
    });
  }
  for (int i = 0; i < 200; ++i) keys_->set(i % 2 == 0 ? two : one);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(outcome(tokens.front()), "ok");
}

}  // namespace
}  // namespace chartmuseum::auth
