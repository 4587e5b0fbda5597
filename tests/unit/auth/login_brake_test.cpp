// SPDX-License-Identifier: Apache-2.0
#include "auth/login_brake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::auth {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Verdict = LoginBrake::Verdict;

class LoginBrakeTest : public testing::Test {
 protected:
  LoginBrake::Settings settings() {
    LoginBrake::Settings settings;
    settings.clock = [this] { return now_; };
    settings.log =
        telemetry::Log::to({}, [this](std::string_view line) { lines_.emplace_back(line); });
    return settings;
  }

  Verdict check(std::string_view address, std::string_view user, std::string_view password) {
    return brake_.check({address, user, password}).verdict;
  }
  /// What a server does with a login that is wrong.
  LoginBrake::Decision fail(std::string_view address, std::string_view user,
                            std::string_view password) {
    const auto decision = brake_.check({address, user, password});
    if (decision.verdict == Verdict::try_it || decision.verdict == Verdict::try_cheaply) {
      brake_.failed({address, user, password});
    }
    return decision;
  }
  /// With other passwords each time.
  void fail_often(std::string_view address, std::string_view user, int times) {
    for (int time = 0; time < times; ++time) {
      brake_.failed({address, user, "guess" + std::to_string(guesses_++)});
    }
  }

  std::vector<std::string> lines_;
  LoginBrake::TimePoint now_{minutes(100)};
  int guesses_ = 0;
  LoginBrake brake_{settings()};
};

TEST_F(LoginBrakeTest, lets_everything_be_tried_while_nobody_fails) {
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::try_it);
}

TEST_F(LoginBrakeTest, lets_five_guesses_pass_and_then_has_longer_and_longer_waits) {
  for (int time = 0; time < 5; ++time) {
    EXPECT_EQ(fail("192.0.2.1", "alice", "guess" + std::to_string(time)).verdict, Verdict::try_it);
  }
  int guess = 5;
  for (const int wait : {1, 2, 4, 8, 16, 30, 30}) {
    const auto decision = fail("192.0.2.1", "alice", "guess" + std::to_string(guess));
    EXPECT_EQ(decision.verdict, Verdict::wait);
    EXPECT_EQ(decision.wait, seconds(wait));
    now_ += seconds(wait) - milliseconds(1);
    EXPECT_EQ(fail("192.0.2.1", "alice", "guess" + std::to_string(guess)).wait, seconds(1));
    now_ += milliseconds(1);
    EXPECT_EQ(fail("192.0.2.1", "alice", "guess" + std::to_string(guess++)).verdict,
              Verdict::try_it);
  }
}

// Or those who answer Retry-After would be put off for ever by one who does not.
TEST_F(LoginBrakeTest, does_not_count_guesses_that_it_did_not_let_pass) {
  fail_often("192.0.2.1", "alice", 5);
  for (int time = 0; time < 100; ++time) {
    EXPECT_EQ(fail("192.0.2.1", "alice", std::to_string(time)).verdict, Verdict::wait);
  }
  now_ += seconds(1);
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::try_it);
}

TEST_F(LoginBrakeTest, lets_one_guess_pass_when_the_wait_is_over_not_all_that_wait) {
  fail_often("192.0.2.1", "alice", 5);
  now_ += seconds(1);
  EXPECT_EQ(check("192.0.2.1", "alice", "one"), Verdict::try_it);
  EXPECT_EQ(check("192.0.2.1", "alice", "two"), Verdict::wait);
}

TEST_F(LoginBrakeTest, does_not_hold_up_others_behind_the_same_address) {
  fail_often("192.0.2.1", "alice", 20);
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::wait);
  EXPECT_EQ(check("192.0.2.1", "bob", "secret"), Verdict::try_it);
}

TEST_F(LoginBrakeTest, does_not_hold_up_the_same_user_elsewhere) {
  fail_often("192.0.2.1", "alice", 20);
  EXPECT_EQ(check("192.0.2.2", "alice", "secret"), Verdict::try_it);
}

// A robot with yesterday's password must not lock out the one with today's.
TEST_F(LoginBrakeTest, counts_the_same_wrong_login_once) {
  for (int time = 0; time < 1000; ++time) {
    fail("192.0.2.1", "alice", "yesterday's");
    now_ += seconds(7);
  }
  EXPECT_EQ(check("192.0.2.1", "alice", "today's"), Verdict::try_it);
  EXPECT_THAT(lines_, IsEmpty());
}

TEST_F(LoginBrakeTest, knows_a_wrong_login_again_for_half_a_minute) {
  fail("192.0.2.1", "alice", "wrong");
  EXPECT_EQ(check("192.0.2.1", "alice", "wrong"), Verdict::known_wrong);
  now_ += milliseconds(29'999);
  EXPECT_EQ(check("192.0.2.1", "alice", "wrong"), Verdict::known_wrong);
  now_ += milliseconds(1);
  EXPECT_EQ(fail("192.0.2.1", "alice", "wrong").verdict, Verdict::try_it);
  EXPECT_EQ(check("192.0.2.1", "alice", "wrong"), Verdict::known_wrong);
}

// Somebody was given this password half a minute after he tried it.
TEST_F(LoginBrakeTest, lets_a_login_pass_that_has_become_right) {
  fail("192.0.2.1", "alice", "new");
  now_ += seconds(30);
  for (int time = 0; time < 10; ++time) {
    EXPECT_EQ(check("192.0.2.1", "alice", "new"), Verdict::try_it);
  }
}

TEST_F(LoginBrakeTest, lets_a_known_wrong_login_be_looked_at_again_even_while_others_wait) {
  fail_often("192.0.2.1", "alice", 30);
  fail("192.0.2.1", "alice", "x");
  now_ += seconds(31);
  EXPECT_EQ(fail("192.0.2.1", "alice", "wrong").verdict, Verdict::try_it);
  EXPECT_EQ(fail("192.0.2.1", "alice", "other").verdict, Verdict::wait);
  now_ += seconds(30);
  EXPECT_EQ(fail("192.0.2.1", "alice", "wrong").verdict, Verdict::try_it);
  EXPECT_EQ(fail("192.0.2.1", "alice", "other").verdict, Verdict::try_it);
}

TEST_F(LoginBrakeTest, brakes_an_address_that_guesses_for_many_users) {
  for (int user = 0; user < 50; ++user) {
    EXPECT_EQ(fail("192.0.2.1", "user" + std::to_string(user), "secret").verdict, Verdict::try_it);
  }
  const auto decision = brake_.check({"192.0.2.1", "alice", "secret"});
  EXPECT_EQ(decision.verdict, Verdict::try_cheaply);
  EXPECT_EQ(decision.wait, seconds(1));
  EXPECT_EQ(check("192.0.2.2", "alice", "secret"), Verdict::try_it);
  now_ += seconds(1);
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::try_it);
  EXPECT_EQ(check("192.0.2.1", "bob", "secret"), Verdict::try_cheaply);
}

// Comparing with what was found right lately is a guess too, if a cheap one.
TEST_F(LoginBrakeTest, counts_cheap_tries_for_their_user) {
  for (int user = 0; user < 50; ++user) fail_often("192.0.2.1", "user" + std::to_string(user), 1);
  for (int time = 0; time < 5; ++time) {
    EXPECT_EQ(fail("192.0.2.1", "alice", std::to_string(time)).verdict, Verdict::try_cheaply);
  }
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::wait);
}

TEST_F(LoginBrakeTest, lets_nothing_be_tried_cheaply_by_an_address_that_goes_on_and_on) {
  for (int user = 0; user < 550; ++user) {
    EXPECT_NE(fail("192.0.2.1", "user" + std::to_string(user), "x").verdict, Verdict::wait);
  }
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::wait);
  EXPECT_EQ(check("192.0.2.2", "alice", "secret"), Verdict::try_it);
}

// Or the downloads of whoever mistyped a few times would stop for ten minutes.
TEST_F(LoginBrakeTest, never_holds_up_a_login_that_was_right_from_there) {
  fail_often("192.0.2.1", "alice", 9);
  now_ += seconds(16);
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::try_it);
  brake_.succeeded({"192.0.2.1", "alice", "secret"});
  for (int time = 0; time < 20; ++time) {
    EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::try_it);
    EXPECT_EQ(check("192.0.2.1", "alice", "guess"), Verdict::wait);
  }
}

TEST_F(LoginBrakeTest, lets_those_who_were_in_go_on_whatever_their_neighbours_do) {
  brake_.succeeded({"192.0.2.1", "alice", "secret"});
  for (int user = 0; user < 1000; ++user) {
    fail("192.0.2.1", "user" + std::to_string(user), "x");
  }
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::try_it);
  EXPECT_EQ(check("192.0.2.1", "alice", "other"), Verdict::wait);
}

TEST_F(LoginBrakeTest, forgets_that_a_login_was_right_when_it_is_no_more) {
  brake_.succeeded({"192.0.2.1", "alice", "old"});
  fail_often("192.0.2.1", "alice", 9);
  brake_.failed({"192.0.2.1", "alice", "old"});
  EXPECT_EQ(check("192.0.2.1", "alice", "old"), Verdict::known_wrong);
  brake_.succeeded({"192.0.2.1", "alice", "new"});
  now_ += minutes(60);
  fail_often("192.0.2.1", "alice", 9);
  EXPECT_EQ(check("192.0.2.1", "alice", "new"), Verdict::wait);
}

TEST_F(LoginBrakeTest, forgets_ten_minutes_after_the_last_failure) {
  fail_often("192.0.2.1", "alice", 20);
  now_ += minutes(10) - seconds(1);
  EXPECT_EQ(fail("192.0.2.1", "alice", "x").verdict, Verdict::try_it);
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::wait);
  now_ += minutes(10);
  for (int time = 0; time < 5; ++time) {
    EXPECT_EQ(fail("192.0.2.1", "alice", std::to_string(time)).verdict, Verdict::try_it);
  }
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::wait);
}

TEST_F(LoginBrakeTest, takes_the_64_bits_of_a_site_for_one_ipv6_address) {
  fail_often("2001:db8:1:2::1", "alice", 20);
  EXPECT_EQ(check("2001:db8:1:2:ffff::3", "alice", "secret"), Verdict::wait);
  EXPECT_EQ(check("2001:0db8:0001:0002::1", "alice", "secret"), Verdict::wait);
  EXPECT_EQ(check("2001:db8:1:3::1", "alice", "secret"), Verdict::try_it);
}

TEST_F(LoginBrakeTest, takes_a_mapped_ipv4_address_for_what_it_is) {
  fail_often("::ffff:192.0.2.1", "alice", 20);
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::wait);
  EXPECT_EQ(check("::ffff:192.0.2.2", "alice", "secret"), Verdict::try_it);
}

TEST_F(LoginBrakeTest, takes_any_other_text_for_an_address_of_its_own) {
  fail_often("unix", "alice", 20);
  EXPECT_EQ(check("unix", "alice", "secret"), Verdict::wait);
  EXPECT_EQ(check("", "alice", "secret"), Verdict::try_it);
}

TEST_F(LoginBrakeTest, logs_a_burst_once_with_its_address_and_no_name) {
  fail_often("2001:db8::7", "alice", 20);
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr("WARN"), HasSubstr("2001:db8::/64"),
                                        Not(HasSubstr("alice")), Not(HasSubstr("guess")))));
  now_ += minutes(10);
  fail_often("2001:db8::7", "alice", 20);
  EXPECT_THAT(lines_, SizeIs(2));
}

// An attacker with one address cannot wash away the memory of his guesses.
TEST_F(LoginBrakeTest, remembers_a_user_while_the_same_address_guesses_for_others) {
  fail_often("192.0.2.1", "alice", 20);
  for (int user = 0; user < 20'000; ++user) {
    now_ += milliseconds(10);
    fail("192.0.2.1", "user" + std::to_string(user), "secret");
  }
  fail("192.0.2.1", "alice", "another");
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::wait);
}

TEST_F(LoginBrakeTest, forgets_the_oldest_when_too_many_addresses_fail) {
  fail_often("192.0.2.1", "alice", 20);
  now_ += milliseconds(1);
  for (int address = 0; address < 100'000; ++address) {
    fail_often(std::to_string(address), "alice", 1);
  }
  EXPECT_EQ(check("192.0.2.1", "alice", "secret"), Verdict::try_it);
}

TEST_F(LoginBrakeTest, can_be_asked_by_many_threads) {
  std::vector<std::thread> threads;
  std::atomic<int> tried = 0;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int time = 0; time < 1000; ++time) {
        const std::string guess = std::to_string(thread) + ' ' + std::to_string(time);
        if (fail("192.0.2.1", "alice", guess).verdict == Verdict::try_it) ++tried;
        static_cast<void>(fail("192.0.2." + std::to_string(time), "bob", "secret"));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(tried, 5);
  EXPECT_LE(tried, 8);  // those that are under way when the fifth fails
}

}  // namespace
}  // namespace chartmuseum::auth
