// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/keyed_hash.hpp"
#include "telemetry/log.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::auth {

/// Slows the guessing of passwords: whoever failed often has to wait longer and longer before the
/// next guess is looked at. Wrong guesses are counted for each user at each address, and, with more
/// patience, for each address; an IPv6 address counts as its /64. docs/design/auth.md has the
/// reasons.
///
/// Used by every request that brings a user and a password: `check` first; then `failed` if they
/// turn out to be wrong, `succeeded` if not. A login that was right lately, from the same address,
/// never waits: it is no guess. Not for tokens: nobody guesses a signature, and many clients behind
/// one address may hold expired ones. Thread-safe. Memory is fixed, about a megabyte; as long as
/// nobody failed lately, `check` costs a look at the clock.
class LoginBrake {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Settings {
    unsigned free_failures = 5;              // wrong guesses of one user's password at one address
    unsigned free_failures_of_address = 50;  // of any user's
    std::chrono::seconds longest_wait{30};
    std::chrono::minutes forgotten_after{10};  // since the last wrong guess
    std::chrono::seconds known_wrong_for{30};  // after which the same login is looked at again
    std::chrono::minutes known_right_for{60};  // since the last time that it was
    std::function<TimePoint()> clock = &std::chrono::steady_clock::now;
    telemetry::Log log = telemetry::Log::discarding();
  };

  /// What is only referred to during a call.
  struct Login {
    std::string_view address;  // without port; any text that is no IP address stands for itself
    std::string_view user;     // as claimed
    std::string_view password;
  };

  enum class Verdict {
    try_it,       // see whether it is right, and tell `failed` if not
    try_cheaply,  // the same, but without hashing: found right lately, or the single user; else 429
    known_wrong,  // the same login failed a moment ago: 401, without looking at it or telling
    wait,         // 429, without looking at it
  };

  struct Decision {
    Verdict verdict = Verdict::try_it;
    /// For Retry-After, at least 1 where a 429 may follow.
    std::chrono::seconds wait{0};
  };

  explicit LoginBrake(Settings settings);

  [[nodiscard]] Decision check(const Login& login);
  void failed(const Login& login);
  void succeeded(const Login& login);

 private:
  struct SeenLogin {
    std::uint64_t login = 0;  // keyed hash
    TimePoint seen{};         // when it was looked at last
  };
  /// One user at one address, or one address.
  struct Entry {
    std::uint64_t key = 0;  // keyed hash; 0 is nobody
    unsigned failures = 0;  // of different logins
    TimePoint last{};       // the last of them
    TimePoint open{};       // from when on the next guess is looked at
    std::array<SeenLogin, 4> wrong{};
  };
  using Set = std::array<Entry, 8>;
  static constexpr std::size_t kSets = 1024;
  using RightLogins = std::array<SeenLogin, 8>;
  static constexpr std::size_t kRightSets = 512;

  struct Keys {
    std::uint64_t address;
    std::uint64_t user;
    std::uint64_t login;
  };

  [[nodiscard]] Keys keys_of(const Login& login) const;
  [[nodiscard]] std::uint64_t login_key(const Login& login) const;
  [[nodiscard]] SeenLogin* find_right(std::uint64_t login);
  [[nodiscard]] Entry* find(std::uint64_t key, TimePoint now);
  [[nodiscard]] Entry& find_or_add(std::uint64_t key, TimePoint now);
  [[nodiscard]] std::chrono::seconds time_to_wait(const Entry* entry, TimePoint now) const;
  void reserve(Entry* entry, unsigned free_failures, TimePoint now) const;
  [[nodiscard]] bool count(Entry& entry, unsigned free_failures, TimePoint now) const;
  [[nodiscard]] TimePoint opening(unsigned failures, unsigned free_failures, TimePoint now) const;

  Settings settings_;
  KeyedHash hash_;
  std::atomic<TimePoint> quiet_from_{};  // when all is forgotten, if nobody fails till then
  std::mutex mutex_;
  std::vector<Set> sets_{kSets};
  std::vector<RightLogins> right_{kRightSets};
};

}  // namespace chartmuseum::auth
