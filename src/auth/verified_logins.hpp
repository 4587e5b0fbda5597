// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/keyed_hash.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace chartmuseum::auth {

/// The logins that were found right lately, by their keyed hashes, so that a client with many
/// requests pays for a slow password hash once. Holds at most 1,024; of those that contend for a
/// place, the ones that were not used for longest are forgotten. Thread-safe.
class VerifiedLogins {
 public:
  [[nodiscard]] bool contains(const KeyedDigest& login);
  void insert(const KeyedDigest& login);

 private:
  static constexpr std::size_t kSets = 128;
  /// The first is the one used last. Nobody outside can choose in which set a login ends up.
  using Set = std::array<KeyedDigest, 8>;

  [[nodiscard]] static std::size_t set_of(const KeyedDigest& login);

  std::mutex mutex_;
  std::vector<Set> sets_{kSets};  // all zeros stand for nothing: no hash is that
};

}  // namespace chartmuseum::auth
