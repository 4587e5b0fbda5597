// SPDX-License-Identifier: Apache-2.0
#include "auth/openid_issuer.hpp"

#include "auth/token_verifier.hpp"
#include "base/one_shot.hpp"
#include "base/worker_pool.hpp"
#include "conformance/run_task.hpp"
#include "token_signer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kIssuer = "https://login.example.com";
constexpr const char* kDescription = "https://login.example.com/.well-known/openid-configuration";
constexpr const char* kKeys = "https://login.example.com/jwks";

/// An issuer that answers from a table; everything runs on one thread, of `context_`.
class OpenidIssuerTest : public testing::Test {
 protected:
  OpenidIssuerTest() {
    pages_[kDescription] =
        R"({"issuer":"https://login.example.com","jwks_uri":"https://login.example.com/jwks"})";
    publish(signer_.jwk(R"(,"kid":"1")"));
  }

  void publish(const std::string& jwks) { pages_[kKeys] = R"({"keys":[)" + jwks + "]}"; }

  Task<std::expected<std::string, std::string>> get(std::string url) {
    asked_.push_back(url);
    if (const auto gate = gate_) {
      auto wait = gate->wait();
      co_await std::move(wait);
    }
    if (throws_) throw std::runtime_error("secret");
    const auto page = pages_.find(url);
    if (page == pages_.end()) co_return std::unexpected("404 Not Found");
    co_return page->second;
  }

  std::shared_ptr<OpenidIssuer> open(
      const std::function<void(OpenidIssuer::Settings&)>& change = {}) {
    OpenidIssuer::Settings settings;
    settings.issuer = kIssuer;
    settings.log =
        telemetry::Log::to({}, [this](std::string_view line) { lines_.emplace_back(line); });
    settings.clock = [this] { return now_; };
    if (change) change(settings);
    return OpenidIssuer::open(
               settings, [this](std::string url) { return get(std::move(url)); },
               context_.get_executor())
        .value();
  }

  /// Runs a task, and what it has begun, to the end.
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(context_, keep_result(std::move(task), result),
                          [](const std::exception_ptr& thrown) {
                            if (thrown) std::rethrow_exception(thrown);
                          });
    run();
    return std::move(*result);
  }
  void run() {
    context_.restart();
    context_.run();
  }
  KeySetPointer renew(OpenidIssuer& issuer, KeySetPointer seen = nullptr) {
    return run(issuer.renew(std::move(seen)));
  }

  boost::asio::io_context context_;
  TokenSigner signer_ = TokenSigner::ed25519();
  std::map<std::string, std::string> pages_;
  std::shared_ptr<OneShot<bool>> gate_;
  bool throws_ = false;
  std::vector<std::string> asked_;
  std::vector<std::string> lines_;
  std::chrono::steady_clock::time_point now_{hours(1000)};
};

TEST_F(OpenidIssuerTest, has_the_keys_that_its_description_leads_to) {
  const auto issuer = open();
  const KeySetPointer keys = renew(*issuer);
  ASSERT_NE(keys, nullptr);
  EXPECT_THAT(keys->keys, SizeIs(1));
  EXPECT_EQ(keys->keys[0].id(), "1");
  EXPECT_EQ(issuer->current(), keys);
  EXPECT_THAT(asked_, ElementsAre(kDescription, kKeys));
}

TEST_F(OpenidIssuerTest, fetches_when_it_is_first_asked_and_does_not_make_that_request_wait) {
  const auto issuer = open();
  EXPECT_THAT(asked_, IsEmpty());
  EXPECT_EQ(issuer->current(), nullptr);
  run();
  EXPECT_NE(issuer->current(), nullptr);
  EXPECT_THAT(asked_, SizeIs(2));
}

TEST_F(OpenidIssuerTest, is_refused_with_a_name_that_is_no_safe_url) {
  OpenidIssuer::Settings settings;
  settings.issuer = "http://login.example.com";
  EXPECT_THAT(OpenidIssuer::open(settings, {}, context_.get_executor()).error(),
              HasSubstr("asked by https"));
}

TEST_F(OpenidIssuerTest, fetches_again_when_the_keys_are_a_quarter_of_an_hour_old) {
  const auto issuer = open();
  const KeySetPointer first = renew(*issuer);
  publish(signer_.jwk(R"(,"kid":"2")"));
  now_ += minutes(15) - seconds(1);
  EXPECT_EQ(issuer->current(), first);
  run();
  EXPECT_EQ(issuer->current(), first);
  now_ += seconds(1);
  EXPECT_EQ(issuer->current(), first) << "which is what there is while the fetch goes on";
  run();
  const KeySetPointer second = issuer->current();
  EXPECT_EQ(second->keys.at(0).id(), "2");
  EXPECT_NE(second->generation, first->generation);
  EXPECT_THAT(asked_, ElementsAre(kDescription, kKeys, kKeys));
}

TEST_F(OpenidIssuerTest, keeps_its_set_when_the_answer_is_the_same) {
  const auto issuer = open();
  const KeySetPointer first = renew(*issuer);
  now_ += minutes(15);
  EXPECT_EQ(issuer->current(), first);
  run();
  EXPECT_EQ(issuer->current(), first);
  EXPECT_THAT(asked_, SizeIs(3));
}

TEST_F(OpenidIssuerTest, looks_for_an_unknown_key_but_not_whenever_a_stranger_wants) {
  const auto issuer = open();
  const KeySetPointer first = renew(*issuer);
  EXPECT_EQ(renew(*issuer, first), first) << "it has just been asked";
  EXPECT_THAT(asked_, SizeIs(2));
  now_ += seconds(10);
  publish(signer_.jwk(R"(,"kid":"2")"));
  const KeySetPointer second = renew(*issuer, first);
  EXPECT_NE(second, first);
  EXPECT_THAT(asked_, SizeIs(3));
  EXPECT_EQ(renew(*issuer, first), second) << "others have found it meanwhile";
  for (int i = 0; i < 1000; ++i) renew(*issuer, second);
  EXPECT_THAT(asked_, SizeIs(3));
}

TEST_F(OpenidIssuerTest, fetches_once_for_all_who_wait) {
  const auto issuer = open();
  gate_ = std::make_shared<OneShot<bool>>(context_.get_executor());
  std::vector<std::optional<KeySetPointer>> results(50);
  for (auto& result : results) {
    boost::asio::co_spawn(context_, keep_result(issuer->renew(nullptr), result),
                          [](const std::exception_ptr&) {});
  }
  while (context_.poll_one() > 0) {
  }
  EXPECT_THAT(asked_, ElementsAre(kDescription));
  for (const auto& result : results) EXPECT_FALSE(result);
  gate_->set(true);
  gate_ = nullptr;
  run();
  EXPECT_THAT(asked_, ElementsAre(kDescription, kKeys));
  for (const auto& result : results) EXPECT_NE(result.value(), nullptr);
}

TEST_F(OpenidIssuerTest, lets_nobody_wait_for_ever) {
  const auto issuer = open([](auto& settings) { settings.wait = std::chrono::milliseconds(1); });
  gate_ = std::make_shared<OneShot<bool>>(context_.get_executor());
  std::optional<KeySetPointer> result;
  boost::asio::co_spawn(context_, keep_result(issuer->renew(nullptr), result),
                        [](const std::exception_ptr&) {});
  while (!result) context_.run_one();
  EXPECT_EQ(*result, nullptr);
  gate_->set(true);
  gate_ = nullptr;
  run();
  EXPECT_NE(issuer->current(), nullptr) << "the fetch went on for the next ones";
}

TEST_F(OpenidIssuerTest, keeps_the_keys_for_a_day_when_the_issuer_is_down) {
  const auto issuer = open();
  const KeySetPointer keys = renew(*issuer);
  lines_.clear();
  pages_.clear();
  for (int i = 0; i < 24 * 60 - 1; ++i) {
    now_ += minutes(1);
    ASSERT_EQ(issuer->current(), keys) << i;
    run();
  }
  now_ += minutes(1);
  EXPECT_EQ(issuer->current(), nullptr);
  EXPECT_EQ(renew(*issuer), nullptr);
  // The complaint changes once: when the description is asked for as well.
  EXPECT_THAT(lines_,
              ElementsAre(AllOf(HasSubstr("ERROR"), HasSubstr("those from before are used"),
                                HasSubstr("no key set: 404 Not Found"), HasSubstr(kIssuer)),
                          AllOf(HasSubstr("ERROR"), HasSubstr("no description: 404 Not Found"))));
}

TEST_F(OpenidIssuerTest, is_asked_again_soon_after_it_was_down_and_that_it_is_back_is_said) {
  const auto pages = std::exchange(pages_, {});
  const auto issuer = open();
  EXPECT_EQ(renew(*issuer), nullptr);
  EXPECT_EQ(renew(*issuer), nullptr);
  EXPECT_THAT(asked_, SizeIs(1)) << "not for every request";
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("its tokens are refused")));
  pages_ = pages;
  now_ += seconds(10);
  EXPECT_NE(renew(*issuer), nullptr);
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("ERROR"), HasSubstr("answers again"),
                                  HasSubstr("Fetched the OpenID issuer's keys")));
}

TEST_F(OpenidIssuerTest, asks_for_the_description_again_when_the_keys_have_moved) {
  const auto issuer = open();
  const KeySetPointer first = renew(*issuer);
  pages_[kDescription] =
      R"({"issuer":"https://login.example.com","jwks_uri":"https://login.example.com/new"})";
  pages_["https://login.example.com/new"] = R"({"keys":[)" + signer_.jwk(R"(,"kid":"n")") + "]}";
  pages_.erase(kKeys);
  now_ += seconds(10);
  EXPECT_EQ(renew(*issuer, first), first);
  now_ += seconds(10);
  EXPECT_EQ(renew(*issuer, first)->keys.at(0).id(), "n");
}

TEST_F(OpenidIssuerTest, is_not_believed_when_it_is_another) {
  pages_[kDescription] =
      R"({"issuer":"https://evil.example.com","jwks_uri":"https://login.example.com/jwks"})";
  const auto issuer = open();
  EXPECT_EQ(renew(*issuer), nullptr);
  EXPECT_THAT(asked_, ElementsAre(kDescription));
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("is of the issuer")));
}

TEST_F(OpenidIssuerTest, loses_no_keys_to_an_answer_that_is_none) {
  const auto issuer = open();
  const KeySetPointer first = renew(*issuer);
  for (const std::string& answer :
       {std::string("<html>"), std::string("{}"), std::string(2 << 20, ' ')}) {
    pages_[kKeys] = answer;
    now_ += seconds(10);
    EXPECT_EQ(renew(*issuer, first), first);
  }
  throws_ = true;
  now_ += seconds(10);
  EXPECT_EQ(renew(*issuer, first), first);
  EXPECT_THAT(lines_, testing::Each(testing::Not(HasSubstr("secret"))));
  EXPECT_THAT(lines_.back(), HasSubstr("asking it failed unexpectedly"));
}

TEST_F(OpenidIssuerTest, trusts_no_key_that_its_set_has_no_more) {
  const auto issuer = open();
  const KeySetPointer first = renew(*issuer);
  publish("");
  now_ += seconds(10);
  const KeySetPointer second = renew(*issuer, first);
  ASSERT_NE(second, nullptr);
  EXPECT_THAT(second->keys, IsEmpty());
}

TEST_F(OpenidIssuerTest, says_which_keys_it_leaves_out) {
  publish(signer_.jwk() + R"(,{"kty":"oct"})");
  renew(*open());
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("Fetched"),
                                  AllOf(HasSubstr("Left out"), HasSubstr("key 2: its kty"))));
}

TEST_F(OpenidIssuerTest, may_go_while_it_is_asked) {
  auto issuer = open();
  gate_ = std::make_shared<OneShot<bool>>(context_.get_executor());
  EXPECT_EQ(issuer->current(), nullptr);
  while (context_.poll_one() > 0) {
  }
  issuer.reset();
  gate_->set(true);
  gate_ = nullptr;
  run();
  EXPECT_THAT(asked_, SizeIs(2));
}

TEST_F(OpenidIssuerTest, lets_tokens_of_a_new_key_in_as_soon_as_it_is_published) {
  TokenVerifier::Settings settings;
  settings.keys = open();
  settings.issuer = kIssuer;
  settings.audience = "charts";
  TokenVerifier verifier(settings);
  const std::string payload = R"({"iss":"https://login.example.com","aud":"charts"})";
  const std::string old = signer_.token("EdDSA", payload, R"(,"kid":"1")");
  EXPECT_TRUE(run(verifier.verify(old)));
  const TokenSigner next = TokenSigner::elliptic("P-256");
  const std::string fresh = next.token("ES256", payload, R"(,"kid":"2")");
  EXPECT_FALSE(run(verifier.verify(fresh)));
  publish(next.jwk(R"(,"kid":"2")"));
  now_ += seconds(10);
  EXPECT_TRUE(run(verifier.verify(fresh)));
  const auto refused = run(verifier.verify(old));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, TokenRefusal::Cause::unknown_key);
}

TEST(OpenidIssuerThreads, share_fetches_that_run_elsewhere) {
  const TokenSigner signer = TokenSigner::ed25519();
  std::atomic<int> fetches = 0;
  std::atomic<std::int64_t> elapsed = 0;
  WorkerPool workers(2);
  OpenidIssuer::Settings settings;
  settings.issuer = kIssuer;
  settings.clock = [&] {
    return std::chrono::steady_clock::time_point(hours(1000) + seconds(elapsed.load()));
  };
  const auto issuer =
      OpenidIssuer::open(
          settings,
          [&](std::string url) -> Task<std::expected<std::string, std::string>> {
            if (url == kDescription) {
              co_return R"({"issuer":"https://login.example.com","jwks_uri":"https://login.example.com/jwks"})";
            }
            const std::string id = std::to_string(++fetches);
            co_return R"({"keys":[)" + signer.jwk(R"(,"kid":")" + id + "\"") + "]}";
          },
          workers.executor())
          .value();
  TokenVerifier::Settings verifier_settings;
  verifier_settings.keys = issuer;
  TokenVerifier verifier(verifier_settings);
  const std::string token = signer.token("EdDSA", "{}");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      KeySetPointer keys;
      for (int i = 0; i < 200; ++i) {
        elapsed += 3;
        keys = run_task(issuer->renew(keys));
        ASSERT_NE(keys, nullptr);
        ASSERT_TRUE(run_task(verifier.verify(token)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  workers.join();
  EXPECT_GT(fetches, 1);
  EXPECT_LE(fetches, 4 * 200 * 3 / 10 + 1);
}

}  // namespace
}  // namespace chartmuseum::auth
