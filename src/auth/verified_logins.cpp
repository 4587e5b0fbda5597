// SPDX-License-Identifier: Apache-2.0
#include "auth/verified_logins.hpp"

#include <algorithm>

namespace chartmuseum::auth {

std::size_t VerifiedLogins::set_of(const KeyedDigest& login) {
  return login[0] % kSets;
}

// The comparison need not take constant time: without the key nobody can choose a digest that
// begins like one that is kept.
bool VerifiedLogins::contains(const KeyedDigest& login) {
  const std::lock_guard lock(mutex_);
  Set& set = sets_[set_of(login)];
  const auto found = std::ranges::find(set, login);
  if (found == set.end()) return false;
  std::rotate(set.begin(), found, found + 1);
  return true;
}

void VerifiedLogins::insert(const KeyedDigest& login) {
  const std::lock_guard lock(mutex_);
  Set& set = sets_[set_of(login)];
  if (std::ranges::find(set, login) != set.end()) return;
  std::rotate(set.begin(), set.end() - 1, set.end());
  set.front() = login;
}

}  // namespace chartmuseum::auth
